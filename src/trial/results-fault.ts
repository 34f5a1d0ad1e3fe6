import { Fault } from '../base/fault.ts';

const MENDING: Readonly<Record<string, string>> = {
  ENOSPC:
    'Free space there ("df -h" shows what is left), or choose another folder with "--out DIR"',
  EDQUOT: 'Free space within your quota, or choose another folder with "--out DIR"',
  EROFS: 'The file system is read-only: choose another folder with "--out DIR"',
  EACCES:
    'Run "ls -ld" on it and let yourself write there, or choose another folder with "--out DIR"',
  EPERM:
    'Run "ls -ld" on it and let yourself write there, or choose another folder with "--out DIR"',
  ENOTDIR: 'A part of the path is a file: choose another folder with "--out DIR"',
  EEXIST: 'A file of that name is in the way: move it, or choose another folder with "--out DIR"',
  ENAMETOOLONG: 'Choose a shorter folder with "--out DIR"',
};

/** What the file system refused, as a fault of the machine with what mends it. */
export function resultsFault(error: unknown, path: string): Fault {
  if (error instanceof Fault) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = error instanceof Error ? error.message : String(error);
  return new Fault('machine', `The results folder "${path}" cannot be written: ${reason}`, {
    help: MENDING[code] ?? 'Choose another folder with "--out DIR"',
    cause: error,
  });
}
