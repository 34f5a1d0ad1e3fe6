// What an archive holds, as files and folders of this machine. Anybody may have written it: nothing is ever written outside
// the target, and nothing but files and folders.
import { constants } from 'node:fs';
import { copyFile, mkdir, open, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Headers, extract } from 'tar-stream';

/** Where an entry goes, below the target: empty for the target itself, undefined for what would be elsewhere. */
export type EntryPath = (name: string) => string | undefined;

/**
 * Gives the paths of the files written; `onSkipped` hears of each entry that was not, and why. Unless `pathOf` says
 * otherwise the archive has one top entry, and that is what becomes `to`.
 */
export async function unpack(
  archive: NodeJS.ReadableStream,
  to: string,
  onSkipped: (line: string) => void,
  pathOf: EntryPath = pathBelow,
): Promise<string[]> {
  const written = new Map<string, string>();
  const tar = extract();
  tar.on('entry', (headers, content, next) => {
    unpackEntry(headers, content, { to, pathOf, written, onSkipped }).then(
      () => {
        content.resume();
        next();
      },
      (error: unknown) => {
        next(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
  await pipeline(archive, tar);
  return [...written.values()];
}

interface Target {
  readonly to: string;
  readonly pathOf: EntryPath;
  /** Name in the archive → path here. */
  readonly written: Map<string, string>;
  readonly onSkipped: (line: string) => void;
}

async function unpackEntry(
  headers: Headers,
  content: Readable,
  { to, pathOf, written, onSkipped }: Target,
): Promise<void> {
  const path = pathOf(headers.name);
  if (path === undefined) {
    onSkipped(`${headers.name}: it leads out of the folder`);
    return;
  }
  const target = join(to, path);
  switch (headers.type) {
    case 'directory':
      await mkdir(target, { recursive: true });
      return;
    case 'file':
    case 'contiguous-file':
      await writeOne(target, content, headers.mode ?? 0o644);
      written.set(headers.name, target);
      return;
    case 'link': {
      const original = written.get(headers.linkname ?? '');
      if (original === undefined) break;
      await rm(target, { force: true });
      await copyFile(original, target);
      written.set(headers.name, target);
      return;
    }
    case 'symlink':
    case 'character-device':
    case 'block-device':
    case 'fifo':
    case null:
    case undefined:
      break;
  }
  onSkipped(
    `${headers.name}: a ${headers.type ?? 'nameless thing'}, and only files and folders are copied`,
  );
}

/** Below the archive's top entry. */
export const pathBelow: EntryPath = (name) => partsOf(name)?.slice(1).join('/');

/** As the archive names it. */
export const pathWithin: EntryPath = (name) => partsOf(name)?.join('/');

function partsOf(name: string): string[] | undefined {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  return name.startsWith('/') || name.includes('\0') || parts.includes('..') ? undefined : parts;
}

/** Its owner can always read it and take it away again; nothing runs as somebody else because of it. */
async function writeOne(target: string, content: Readable, mode: number): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
  const file = await open(target, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600);
  try {
    await writeFile(file, content);
    await file.chmod((mode & 0o777) | 0o600);
  } finally {
    await file.close();
  }
}
