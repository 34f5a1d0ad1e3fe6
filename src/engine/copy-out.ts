// Out of a container, running or not. The archive is written by the engine from a file system that anybody may have filled.
import { Fault } from '../base/fault.ts';
import { type EngineClient, askForStream } from './client.ts';
import { failWhenSilent } from './fail-when-silent.ts';
import { statusOf } from './explain-failure.ts';
import { statPath } from './path-stat.ts';
import { unpack } from './unpack-tree.ts';

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
