// Where text goes: results to stdout, everything else to stderr, colour only where somebody looks.
import { PLAIN, type Paint } from '../report/text.ts';
import type { WriteStream } from 'node:tty';

/** Colours for a stream: none without a terminal, with NO_COLOR (no-color.org), or on a dumb terminal. */
export function paintFor(stream: Partial<Pick<WriteStream, 'isTTY'>>): Paint {
  return wantsColour(stream) ? { good: sgr(32), bad: sgr(31), faint: sgr(2) } : PLAIN;
}

export const wantsColour = (stream: Partial<Pick<WriteStream, 'isTTY'>>): boolean =>
  stream.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';

/** ECMA-48 "select graphic rendition". */
const sgr =
  (code: number) =>
  (text: string): string =>
    `\u001b[${code}m${text}\u001b[0m`;

export const printLine = (text: string): void => void process.stdout.write(`${text}\n`);
export const print = (text: string): void => void process.stdout.write(text);
export const printJson = (value: unknown): void =>
  void process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
export const tell = (text: string): void => void process.stderr.write(`${text}\n`);

/**
 * A reader that went away (`runner ps | head -1`, a closed terminal) is no fault: what it does not want is dropped, and the
 * exit code stays what the work says.
 */
export function ignoreLostReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    });
}

/** Waits until the readers of both streams have everything, or are gone: `process.exit` would drop what is still queued. */
export async function drained(): Promise<void> {
  await Promise.all(
    [process.stdout, process.stderr].map(
      (stream) => new Promise<void>((resolve) => stream.write('', () => resolve())),
    ),
  );
}
