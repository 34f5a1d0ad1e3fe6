// What a container writes: all of it, secrets masked, to its log while it runs, and the end of it for faults.
import { mkdirSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type LogFile, openLog } from '../endpoint/log-file.ts';
import { within } from './bounded.ts';
import { createLastWords } from './last-words.ts';
import type { Secrets } from './secrets.ts';

export interface ContainerOutput {
  /** The last lines; see `LastWords`. Waits a moment for those of a container that has just ended. */
  quote(): Promise<string>;
  /** Of one that has ended: waits a moment for what is still to come, cuts off the rest and closes the log. */
  close(): Promise<void>;
  /** Of one that goes on: closes the log behind what it has written so far. What follows is logged in `folder`, or not at all. */
  cut(folder: string | null): Promise<void>;
}

/** Milliseconds that the engine may need to hand over the last that an ended container wrote. */
const DRAIN_LIMIT = 2000;
/** Milliseconds without a byte after which the engine has handed over what a running one wrote, and those that one may take. */
const QUIET = { after: 50, limit: 500 } as const;

export function logOutput(
  streams: { readonly stdout: Readable; readonly stderr: Readable },
  logs: string,
  node: string,
  secrets: Secrets,
): ContainerOutput {
  let log = openLog(logs, node, null);
  const words = createLastWords();
  let heard = performance.now();
  const take = (bytes: Uint8Array): LogFile | null => {
    heard = performance.now();
    words.add(bytes);
    return log.write(bytes) ? null : log;
  };
  const outputs = [streams.stdout, streams.stderr];
  const ended = Promise.all(outputs.map((stream) => pour(stream, take, secrets))).then(
    () => undefined,
  );
  const drain = (): Promise<void> => within(ended, DRAIN_LIMIT, () => undefined);
  const end = async (): Promise<void> => {
    for (const stream of outputs) stream.destroy();
    await ended;
    await log.close();
  };
  const untilQuiet = async (): Promise<void> => {
    const limit = performance.now() + QUIET.limit;
    heard = performance.now();
    const left = (): number => Math.min(heard + QUIET.after, limit) - performance.now();
    while (left() > 0) await delay(left());
  };
  return {
    quote: async () => {
      await drain();
      return words.quote();
    },
    close: async () => {
      await drain();
      await end();
    },
    cut: async (folder) => {
      await untilQuiet();
      if (folder === null) return end();
      mkdirSync(folder, { recursive: true });
      const before = log;
      log = openLog(folder, node, null);
      await before.close();
    },
  };
}

/** Pours a stream through a mask of its own; holds it back while the disk is behind. `take` gives a log that is. */
function pour(
  stream: Readable,
  take: (bytes: Uint8Array) => LogFile | null,
  secrets: Secrets,
): Promise<void> {
  const mask = secrets.mask();
  // A connection that breaks is told by the engine's watch.
  stream.on('error', () => undefined);
  stream.on('data', (bytes: Buffer) => {
    const behind = take(mask.push(bytes));
    if (!behind) return;
    stream.pause();
    void behind.drained().then(() => stream.resume());
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
