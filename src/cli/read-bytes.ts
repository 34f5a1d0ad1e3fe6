import { closeSync, openSync, readSync } from 'node:fs';
import { Fault } from '../base/fault.ts';

/** More than the compiler takes, and little enough for any machine. */
const MAX_BYTES = 64 * 2 ** 20;
const CHUNK = 2 ** 16;

/** Reads a file that a person named, a pipe as well. Throws a usage fault when it cannot. */
export function readBytes(file: string): Buffer {
  try {
    return readBounded(file);
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw readingFault(file, error);
  }
}

function readBounded(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let total = 0; ;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const length = readSync(descriptor, chunk);
      if (length === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, length));
      total += length;
      if (total > MAX_BYTES) throw sizeFault(`"${file}"`);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Reads a stream to its end. Throws a usage fault when there is too much. */
export async function readStreamBytes(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    total += chunk.length;
    if (total > MAX_BYTES) throw sizeFault('Standard input');
  }
  return Buffer.concat(chunks);
}

const sizeFault = (name: string): Fault =>
  new Fault('usage', `${name} is larger than ${MAX_BYTES / 2 ** 20} MiB`, {
    help: 'Is it the right file?',
  });

export function readingFault(file: string, cause: unknown): Fault {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const known = REFUSALS[code];
  const reason = cause instanceof Error ? cause.message : String(cause);
  const [what, help] = known ?? [`cannot be read: ${reason}`, 'Name a file that can be read'];
  return new Fault('usage', `"${file}" ${what}`, { help, cause });
}

/** What the system calls of a read refuse most often: what is the matter, and what to do. */
const REFUSALS: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ['is not there', 'Check the path, which counts from the current folder'],
  ENOTDIR: ['is not there: a part of its path is a file', 'Check the path'],
  EISDIR: ['is a folder, not a file', 'Name a file in it'],
  EACCES: ['may not be read by you', 'Run "ls -l" on it, and let yourself read it'],
  EPERM: ['may not be read by you', 'Run "ls -l" on it, and let yourself read it'],
};
