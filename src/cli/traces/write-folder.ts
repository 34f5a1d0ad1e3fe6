import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Fault } from '../../base/fault.ts';
import type { TraceFile } from '../../report/traces/trace-files.ts';

/** Throws a usage fault unless a folder of this name can be made, or is there and empty. */
export function refuseFilledFolder(folder: string): void {
  if (!existsSync(folder)) return;
  if (statSync(folder).isDirectory() && readdirSync(folder).length === 0) return;
  throw new Fault('usage', `"${folder}" is there already`, { help: 'Name another folder' });
}

/** Writes all files into a new folder, which has its name only when it is whole. Gives their number. */
export function writeFolder(folder: string, files: Iterable<TraceFile>): number {
  const partial = `${resolve(folder)}.partial`;
  try {
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    let count = 0;
    for (const { name, content } of files) {
      const path = join(partial, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      count += 1;
    }
    // An empty folder gives way to it.
    renameSync(partial, folder);
    return count;
  } catch (cause) {
    rmSync(partial, { recursive: true, force: true });
    // Of what was to be written: it could not be read.
    if (cause instanceof Fault) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('machine', `"${folder}" cannot be written: ${reason}`, { cause });
  }
}
