// What is in a folder that is served: every file with its size and hash, and what is none.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { type Result, fail, ok } from '../base/result.ts';
import type { FolderListing, SiteFile } from '../model/web.ts';

const MOST_FILES = 10_000;
const MOST_BYTES = 1024 ** 3;
const CHUNK = 1024 ** 2;

/** Hidden files are left out, but for what RFC 8615 puts in one. */
const isHidden = (name: string): boolean => name.startsWith('.') && name !== '.well-known';

export function listFolder(folder: string): Result<FolderListing, string> {
  try {
    const found = statSync(folder, { throwIfNoEntry: false });
    if (found === undefined) return fail('it is not there');
    if (!found.isDirectory()) return fail('it is no folder');
    return walk(realpathSync(folder));
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function walk(root: string): Result<FolderListing, string> {
  const files: SiteFile[] = [];
  const astray: string[] = [];
  const folders = [''];
  let bytes = 0;
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift())
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (isHidden(entry.name)) continue;
      const path = posix.join(folder, entry.name);
      const size = sizeWithin(root, path);
      if (entry.isDirectory()) folders.push(path);
      else if (size === undefined) astray.push(path);
      else files.push({ path, bytes: size, sha256: '' });
      bytes += size ?? 0;
      if (files.length > MOST_FILES) return fail(`expected at most ${MOST_FILES} files in it`);
      if (bytes > MOST_BYTES) return fail(`expected at most ${MOST_BYTES / 1024 ** 3} GiB in it`);
    }
  return ok({
    files: files
      .map((file) => ({ ...file, sha256: hashOf(join(root, file.path)) }))
      .sort((left, right) => (left.path < right.path ? -1 : 1)),
    astray: astray.sort(),
  });
}

/** The size of a plain file that lies in the folder, wherever links lead; undefined for anything else. */
function sizeWithin(root: string, path: string): number | undefined {
  let real: string;
  try {
    real = realpathSync(join(root, path));
  } catch {
    return undefined;
  }
  const found = statSync(real);
  return found.isFile() && real.startsWith(root + sep) ? found.size : undefined;
}

function hashOf(path: string): string {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(CHUNK);
  const file = openSync(path, 'r');
  try {
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk))
      hash.update(chunk.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}
