// A resumable stream of frames over the connection that there is just now: the rim of resumable.ts. Both ends have one.
import type { Readable, Writable } from 'node:stream';
import { FRAME_HEADER, type Frame, createFrameReader, encodeFrame } from './frames.ts';
import { createResumable } from './resumable.ts';

export interface LinkOptions {
  /** Called for one frame after the other, the next when it has settled. */
  readonly onFrame: (frame: Frame) => Promise<void> | void;
  /** Called for each frame as soon as it is there, before its turn; what either throws loses the connection. */
  readonly onArrival?: (frame: Frame) => void;
  /** The connection that was attached is gone, and why. */
  readonly onLost: (reason: string) => void;
}

export interface Link {
  /** Settles when there is room for more. Frames are kept until the other end has taken them. */
  send(frame: Frame): Promise<void>;
  /** Carries on over a new connection, in place of the old one. */
  attach(input: Readable, output: Writable): void;
  /** Whether the connection answered its greeting and was not lost. */
  isOpen(): boolean;
  /** Milliseconds since the other end was last heard. */
  silence(): number;
  /** Says at once what was taken, as the last word; `onGone` is called when the connection is gone, and `onLost` is not. */
  farewell(onGone: () => void): void;
  /** Settles when the other end has taken everything, or after `limit` milliseconds. */
  flush(limit: number): Promise<void>;
  /** Lets those go who wait for room; from now on nobody waits. */
  stopWaiting(): void;
  /** No more of it: drops the connection. */
  close(): void;
}

/** Bytes kept for sending again. */
const KEPT_LIMIT = 4 << 20;
/** Milliseconds between signs of life. */
export const BEAT_MS = 1000;
const LOOK_MS = 5;

interface Connection {
  readonly input: Readable;
  readonly output: Writable;
  isOpen: boolean;
}

export function createLink(options: LinkOptions): Link {
  const stream = createResumable(KEPT_LIMIT);
  const inner = createFrameReader();
  const waiting: (() => void)[] = [];
  let connection: Connection | undefined;
  let heard = performance.now();
  let handled = Promise.resolve();
  let isClosed = false;
  let isWaitedFor = true;
  let onFarewell: (() => void) | undefined;
  const beat = setInterval(() => put(stream.beat()), BEAT_MS);

  return {
    send: async (frame) => {
      put(stream.write(encodeFrame(frame)));
      if (stream.room() > 0 || !isWaitedFor) return;
      await new Promise<void>((resolve) => waiting.push(resolve));
    },
    attach: (input, output) => {
      drop();
      heard = performance.now();
      const read = createFrameReader();
      const now: Connection = { input, output, isOpen: false };
      connection = now;
      const loseThis = (reason: unknown): void => {
        if (connection === now) lose(reason);
      };
      input.on('data', (bytes: Buffer) => {
        if (connection !== now) return;
        heard = performance.now();
        try {
          for (const frame of read(bytes)) take(frame);
          now.isOpen = true;
        } catch (error) {
          loseThis(error);
        }
      });
      for (const end of ['end', 'close']) input.on(end, () => loseThis('it was closed'));
      for (const side of [input, output]) side.on('error', loseThis);
      put(stream.attach());
    },
    isOpen: () => connection?.isOpen === true,
    silence: () => performance.now() - heard,
    farewell: (onGone) => {
      onFarewell = onGone;
      put(stream.beat());
      if (!connection) onGone();
    },
    flush: async (limit) => {
      const end = performance.now() + limit;
      while (!stream.isFlushed() && !isClosed && performance.now() < end)
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    },
    stopWaiting,
    close: () => {
      isClosed = true;
      clearInterval(beat);
      put(stream.beat());
      drop();
      stopWaiting();
    },
  };

  function take(frame: Frame): void {
    const { send, delivered } = stream.receive(frame);
    put(send);
    if (stream.room() > 0) release();
    if (!delivered) return;
    const from = connection;
    for (const part of inner(delivered)) {
      handled = handled.then(async () => {
        try {
          await options.onFrame(part);
        } catch (error) {
          if (connection === from) lose(error);
        }
        put(stream.take(FRAME_HEADER + part.payload.length));
      });
      options.onArrival?.(part);
    }
  }

  function lose(reason: unknown): void {
    if (!connection) return;
    drop();
    if (onFarewell) onFarewell();
    else options.onLost(reason instanceof Error ? reason.message : String(reason));
  }

  function put(frames: readonly Frame[]): void {
    if (!connection) return;
    for (const frame of frames) connection.output.write(encodeFrame(frame));
  }

  function drop(): void {
    const old = connection;
    connection = undefined;
    stream.detach();
    old?.output.end();
    old?.input.destroy();
  }

  function stopWaiting(): void {
    isWaitedFor = false;
    release();
  }

  function release(): void {
    for (const resolve of waiting.splice(0)) resolve();
  }
}
