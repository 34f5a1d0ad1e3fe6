// The shared libraries that programs here are linked to, for a machine that lacks them.
import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { promisify } from 'node:util';
import { searchPath } from '../machine/search-path.ts';

const LDD_MS = 10_000;

/** Name by which a library is asked for (its soname) → its file here, of all that `files` load, by ldd(1). */
export async function findLibraries(files: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const { stdout } = await promisify(execFile)('ldd', ['--', ...files], {
    timeout: LDD_MS,
    env: { ...process.env, PATH: searchPath(), LC_ALL: 'C' },
  });
  for (const [, name = '', path = ''] of stdout.matchAll(/^\s*(\S+) => (\/\S+)/gm))
    found.set(name, await realpath(path));
  return found;
}

/** The names that ldd(1) did not find. */
export const missingLibraries = (ldd: string): string[] => [
  ...new Set([...ldd.matchAll(/^\s*(\S+) => not found/gm)].map(([, name = '']) => name)),
];
