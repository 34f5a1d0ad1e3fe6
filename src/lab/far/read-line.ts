import type { Readable } from 'node:stream';

const NEWLINE = 10;
/** No line of ours is longer, nor what a login shell says before it. */
const LIMIT = 1 << 20;

/**
 * The first line that begins with `mark`; what came before is dropped, what comes after stays in the stream. Throws when the
 * stream ends or `limit` milliseconds pass without it.
 */
export function readLine(stream: Readable, limit: number, mark = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    let held: Buffer = Buffer.alloc(0);
    const timer = setTimeout(() => stop(new Error(`no word came within ${limit} ms`)), limit);
    const stop = (outcome: Error | string): void => {
      clearTimeout(timer);
      stream.off('readable', look).off('end', onEnd).off('close', onEnd).off('error', stop);
      if (typeof outcome === 'string') resolve(outcome);
      else reject(outcome);
    };
    const onEnd = (): void => stop(new Error('it ended'));
    const look = (): void => {
      for (let bytes = take(); bytes; bytes = take()) {
        held = Buffer.concat([held, bytes]);
        for (let end = held.indexOf(NEWLINE); end >= 0; end = held.indexOf(NEWLINE)) {
          const line = held.toString('utf8', 0, end);
          held = held.subarray(end + 1);
          const start = mark === '' ? 0 : line.lastIndexOf(mark);
          if (start < 0) continue;
          stop(line.slice(start));
          if (held.length > 0) stream.unshift(held);
          return;
        }
        if (held.length > LIMIT) stop(new Error('it said too much'));
      }
    };
    const take = (): Buffer | null => stream.read() as Buffer | null;
    stream.on('readable', look).on('end', onEnd).on('close', onEnd).on('error', stop);
    look();
  });
}
