import { Fault } from '../base/fault.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a file, and the folders above it; over one that is there only with `force`, else `help` says what to do instead. */
export function writeText(
  path: string,
  text: string,
  { force = false, help }: { readonly force?: boolean; readonly help: string },
): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    if (isThere(cause)) throw new Fault('usage', `"${path}" is there already`, { help, cause });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('machine', `"${path}" cannot be written: ${reason}`, { cause });
  }
}

/** Of the file itself: a file where a folder is to be is EEXIST of mkdir(2). */
const isThere = (cause: unknown): boolean =>
  cause instanceof Error &&
  'code' in cause &&
  cause.code === 'EEXIST' &&
  'syscall' in cause &&
  cause.syscall === 'open';
