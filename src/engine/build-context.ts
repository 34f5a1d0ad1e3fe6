// What is sent to the engine for a build: the context's files but those that .dockerignore names.
import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import ignore from '@balena/dockerignore';
import { Fault } from '../base/fault.ts';
import type { BuildOrder } from './engine.ts';
import { packTree } from './pack-tree.ts';

export interface BuildContext {
  readonly archive: Readable;
  /** Its path in the archive. */
  readonly dockerfile: string;
}

/** Rejects with a Fault when the Dockerfile is not in the context, by whatever link. */
export async function packContext({ context, dockerfile }: BuildOrder): Promise<BuildContext> {
  const folder = await realpath(context).catch((cause: unknown) => {
    throw new Fault('usage', `The build context ${context} is not there`, {
      help: 'Mend "context": it is a folder, relative to that of the scenario',
      cause,
    });
  });
  if (!(await stat(folder)).isDirectory())
    throw new Fault('usage', `The build context ${context} is not a folder`, {
      help: 'Name the folder that holds the Dockerfile',
    });
  const path = await findDockerfile(folder, context, dockerfile);
  const text = await readFile(join(folder, '.dockerignore'), 'utf8').catch(() => '');
  return {
    archive: packTree(folder, '', { isWanted: ignoreFilter(text, path) }),
    dockerfile: path,
  };
}

async function findDockerfile(
  folder: string,
  context: string,
  dockerfile: string,
): Promise<string> {
  const file = await realpath(join(folder, dockerfile)).catch((cause: unknown) => {
    throw new Fault('usage', `There is no Dockerfile "${dockerfile}" in ${context}`, {
      help: 'Mend "dockerfile": it is relative to the context',
      cause,
    });
  });
  const path = relative(folder, file);
  if (path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path))
    throw new Fault('usage', `The Dockerfile "${dockerfile}" is outside its context ${context}`, {
      help: 'Put it into the context, or widen "context"',
    });
  return path;
}

/** As `docker build` does: Dockerfile and .dockerignore are always sent, since the engine itself reads them. */
export function ignoreFilter(
  text: string,
  dockerfile: string,
): (path: string, isFolder: boolean) => 'yes' | 'no' | 'not even what is in it' {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const rules = ignore.default().add(lines);
  // What a later "!" line brings back may be in a folder that an earlier one leaves out.
  const hasExceptions = lines.some((line) => line.trimStart().startsWith('!'));
  const isAlways = (path: string): boolean => path === dockerfile || path === '.dockerignore';
  return (path, isFolder) => {
    if (path === '' || isAlways(path) || !rules.ignores(path)) return 'yes';
    const mayHold = isFolder && (hasExceptions || dockerfile.startsWith(`${path}/`));
    return mayHold ? 'no' : 'not even what is in it';
  };
}
