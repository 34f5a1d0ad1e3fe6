// From this machine into a container, running or not.
import { lstat } from 'node:fs/promises';
import { basename, posix, resolve } from 'node:path';
import { Fault } from '../base/fault.ts';
import { type EngineClient, ask } from './client.ts';
import { packTree } from './pack-tree.ts';
import { statPath } from './path-stat.ts';

/** How long one copy may take, in milliseconds. */
const COPY_MS = 600_000;

/** Into `to` when that is a folder there or ends in a slash, else it is called `to`. What is copied belongs to root. */
export async function copyIn(
  client: EngineClient,
  id: string,
  from: string,
  to: string,
): Promise<void> {
  const what = `copy ${from} to ${to} in container ${id.slice(0, 12)}`;
  if (!posix.isAbsolute(to))
    throw new Fault('usage', `Cannot ${what}: expected an absolute path in the container`);
  await lstat(from).catch((cause: unknown) => {
    throw new Fault('usage', `Cannot ${what}: ${from} cannot be read`, {
      help: 'Make that file or folder, or mend the path in "copy"',
      cause,
    });
  });
  const target = await resolveTarget(client, id, from, to);
  const { folder, missing } = await nearestFolder(client, id, posix.dirname(target));
  const name = posix.relative(folder, target);
  const parents = missing.map((parent) => posix.relative(folder, parent));
  await ask(what, COPY_MS, (abortSignal) =>
    client.docker.getContainer(id).putArchive(packTree(from, name, { parents }), {
      path: folder,
      noOverwriteDirNonDir: 'true',
      abortSignal,
    }),
  );
}

async function resolveTarget(
  client: EngineClient,
  id: string,
  from: string,
  to: string,
): Promise<string> {
  const plain = posix.normalize(to);
  const isFolder = plain.endsWith('/') || (await statPath(client, id, plain))?.kind === 'folder';
  return isFolder ? posix.join(plain, basename(resolve(from))) : plain;
}

/** The innermost folder of a path that is there, and those below it that are not, outermost first. */
async function nearestFolder(
  client: EngineClient,
  id: string,
  path: string,
): Promise<{ folder: string; missing: string[] }> {
  const missing: string[] = [];
  let folder = path;
  while (folder !== '/' && (await statPath(client, id, folder)) === undefined) {
    missing.unshift(folder);
    folder = posix.dirname(folder);
  }
  return { folder, missing };
}
