// A file or folder of this machine as a tar stream that belongs to root.
import { type Stats, constants } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Headers, type Pack, pack } from 'tar-stream';

export interface PackOptions {
  /** Folders that the archive makes first, outermost first. */
  readonly parents?: readonly string[];
  /** Whether a path below the top (empty for the top itself) goes in; of a folder, whether it does itself. */
  readonly isWanted?: (path: string, isFolder: boolean) => 'yes' | 'no' | 'not even what is in it';
}

const PERMISSIONS = 0o7777;

/**
 * `from` becomes `name` in the archive; an empty name leaves the top folder itself out. Symbolic links stay links and are
 * never followed; sockets are left out, since no archive holds them.
 */
export function packTree(from: string, name: string, options: PackOptions = {}): Readable {
  const archive = pack();
  const work = async (): Promise<void> => {
    for (const parent of options.parents ?? [])
      await entry(archive, { name: parent, type: 'directory', mode: 0o755, uid: 0, gid: 0 });
    await addTree(archive, from, name, '', options);
    archive.finalize();
  };
  work().catch((error: unknown) => {
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  return archive;
}

async function addTree(
  archive: Pack,
  from: string,
  name: string,
  path: string,
  options: PackOptions,
): Promise<void> {
  const stats = await lstat(from);
  const wanted = options.isWanted?.(path, stats.isDirectory()) ?? 'yes';
  if (wanted === 'yes' && name !== '') await addOne(archive, from, name, stats);
  if (!stats.isDirectory() || wanted === 'not even what is in it') return;
  // Sorted: the same folder gives the same archive.
  for (const child of (await readdir(from)).sort())
    await addTree(
      archive,
      join(from, child),
      name === '' ? child : `${name}/${child}`,
      path === '' ? child : `${path}/${child}`,
      options,
    );
}

async function addOne(archive: Pack, from: string, name: string, stats: Stats): Promise<void> {
  const headers: Headers = {
    name,
    mode: stats.mode & PERMISSIONS,
    uid: 0,
    gid: 0,
    mtime: stats.mtime,
  };
  if (stats.isFile()) await addFile(archive, from, headers);
  else if (stats.isDirectory()) await entry(archive, { ...headers, type: 'directory' });
  else if (stats.isSymbolicLink())
    await entry(archive, { ...headers, type: 'symlink', linkname: await readlink(from) });
  else if (stats.isFIFO()) await entry(archive, { ...headers, type: 'fifo' });
}

async function addFile(archive: Pack, from: string, headers: Headers): Promise<void> {
  const file = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    // As large as it is now, whatever is written to it meanwhile: the size stands before the bytes.
    const { size } = await file.stat();
    const full = { ...headers, type: 'file', size } as const;
    if (size === 0) {
      await entry(archive, full);
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const sink = archive.entry(full, (error) => {
        if (error) reject(new Error(`${from}: ${error.message}`));
        else resolve();
      });
      const source = file.createReadStream({ start: 0, end: size - 1, autoClose: false });
      pipeline(source, sink).catch(reject);
    });
  } finally {
    await file.close();
  }
}

const entry = (archive: Pack, headers: Headers): Promise<void> =>
  new Promise((resolve, reject) => {
    const sink = archive.entry(headers, (error) => {
      if (error) reject(error);
      else resolve();
    });
    if (headers.type === 'file') sink.end();
  });
