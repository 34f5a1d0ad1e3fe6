import { closeSync, openSync, readSync } from 'node:fs';
import { Fault } from '../base/fault.ts';

/** More than the compiler takes, and little enough for any machine. */
const MAX_BYTES = 64 * 2 ** 20;
const CHUNK = 2 ** 16;

/** Reads a file that a person named, a pipe as well. Throws a usage fault when it cannot. */
export function readText(file: string): string {
  try {
    return readBounded(file);
  } catch (error) {
    if (error instanceof Fault) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault('usage', `"${file}" cannot be read: ${reason}`, { cause: error });
  }
}

function readBounded(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let total = 0; ;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const length = readSync(descriptor, chunk);
      if (length === 0) return Buffer.concat(chunks).toString('utf8');
      chunks.push(chunk.subarray(0, length));
      total += length;
      if (total > MAX_BYTES)
        throw new Fault('usage', `"${file}" is larger than ${MAX_BYTES / 2 ** 20} MiB`, {
          help: 'Is it a scenario?',
        });
    }
  } finally {
    closeSync(descriptor);
  }
}
