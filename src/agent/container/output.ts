// What a container writes: all of it, secrets masked, to its log while it runs, and the end of it for faults.
import type { Readable } from 'node:stream';
import { type LogFile, openLog } from '../endpoint/log-file.ts';
import { within } from './bounded.ts';
import { createLastWords } from './last-words.ts';
import type { Secrets } from './secrets.ts';

export interface ContainerOutput {
  /** Settles when the container will write no more and all that it wrote is on its way to the log. */
  readonly ended: Promise<void>;
  /** The last lines; see `LastWords`. Waits a moment for those of a container that has just ended. */
  quote(): Promise<string>;
  /** Waits a moment for what is still to come, cuts off the rest and closes the log. */
  close(): Promise<void>;
}

/** Milliseconds that the engine may need to hand over the last that an ended container wrote. */
const DRAIN_LIMIT = 2000;

export function logOutput(
  streams: { readonly stdout: Readable; readonly stderr: Readable },
  logs: string,
  node: string,
  secrets: Secrets,
): ContainerOutput {
  const log = openLog(logs, node, null);
  const words = createLastWords();
  const take = (bytes: Uint8Array): boolean => {
    words.add(bytes);
    return log.write(bytes);
  };
  const outputs = [streams.stdout, streams.stderr];
  const ended = Promise.all(outputs.map((stream) => pour(stream, log, take, secrets))).then(
    () => undefined,
  );
  const drain = (): Promise<void> => within(ended, DRAIN_LIMIT, () => undefined);
  return {
    ended,
    quote: async () => {
      await drain();
      return words.quote();
    },
    close: async () => {
      await drain();
      for (const stream of outputs) stream.destroy();
      await ended;
      await log.close();
    },
  };
}

/** Pours a stream through a mask of its own; holds it back while the disk is behind. */
function pour(
  stream: Readable,
  log: LogFile,
  take: (bytes: Uint8Array) => boolean,
  secrets: Secrets,
): Promise<void> {
  const mask = secrets.mask();
  // A connection that breaks is told by the engine's watch.
  stream.on('error', () => undefined);
  stream.on('data', (bytes: Buffer) => {
    if (take(mask.push(bytes))) return;
    stream.pause();
    void log.drained().then(() => stream.resume());
  });
  return new Promise((resolve) => {
    let isOver = false;
    const finish = (): void => {
      if (isOver) return;
      isOver = true;
      take(mask.rest());
      resolve();
    };
    stream.once('end', finish);
    stream.once('close', finish);
  });
}
