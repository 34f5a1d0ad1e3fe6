// Out of a container, running or not. The archive is written by the engine from a file system that anybody may have
// filled: nothing is ever written outside the target, and nothing but files and folders.
import { constants } from 'node:fs';
import { copyFile, mkdir, open, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Headers, extract } from 'tar-stream';
import { Fault } from '../base/fault.ts';
import { type EngineClient, askForStream } from './client.ts';
import { failWhenSilent } from './fail-when-silent.ts';
import { statusOf } from './explain-failure.ts';
import { statPath } from './path-stat.ts';

/** How long the engine may take to give the next bytes, in milliseconds. */
const SILENCE_MS = 60_000;

/** Gives the paths of the files written; `onSkipped` hears of each that was not, and why. */
export async function copyOut(
  client: EngineClient,
  id: string,
  from: string,
  to: string,
  onSkipped: (line: string) => void = () => undefined,
): Promise<string[]> {
  const what = `copy ${from} out of container ${id.slice(0, 12)}`;
  // A link by itself says nothing here: what it leads to is meant.
  const path = await realPath(client, id, from);
  const archive = await askForStream(what, SILENCE_MS, (abortSignal) =>
    client.docker.getContainer(id).getArchive({ path, abortSignal }),
  ).catch((error: unknown) => {
    if (statusOf(error) !== 404 || !(error instanceof Fault)) throw error;
    throw new Fault('run', error.message, {
      help: 'Name a path that is there at that moment: "at" says when',
      cause: error,
    });
  });
  return unpack(failWhenSilent(archive, SILENCE_MS, what), to, onSkipped).catch(
    (cause: unknown) => {
      if (cause instanceof Fault) throw cause;
      throw new Fault('run', `Cannot ${what} to ${to}: ${String(cause)}`, { cause });
    },
  );
}

async function realPath(client: EngineClient, id: string, path: string): Promise<string> {
  const stat = await statPath(client, id, path);
  return stat?.kind === 'link' && stat.linkTarget !== '' ? stat.linkTarget : path;
}

/** Unpacks an archive of one top entry: that is what becomes `to`. Exported for its own test. */
export async function unpack(
  archive: NodeJS.ReadableStream,
  to: string,
  onSkipped: (line: string) => void,
): Promise<string[]> {
  const written = new Map<string, string>();
  const tar = extract();
  tar.on('entry', (headers, content, next) => {
    unpackEntry(headers, content, to, written, onSkipped).then(
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

async function unpackEntry(
  headers: Headers,
  content: Readable,
  to: string,
  written: Map<string, string>,
  onSkipped: (line: string) => void,
): Promise<void> {
  const path = pathBelow(headers.name);
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

/** Below the archive's top entry; empty for that itself, undefined for what would be elsewhere. */
export function pathBelow(name: string): string | undefined {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (name.startsWith('/') || name.includes('\0') || parts.includes('..')) return undefined;
  return parts.slice(1).join('/');
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
