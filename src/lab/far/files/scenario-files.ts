// What a share of a plan names of the machine that runner is on. Pure: nobody has looked whether it is there.
import { posix } from 'node:path';
import { containerNodes } from '../../../model/plan-containers.ts';
import type { Plan } from '../../../model/plan.ts';

export interface ScenarioFile {
  /** Without `.` and without `..` but at its start. */
  readonly path: string;
  /** `the build of container "web"`. */
  readonly wantedBy: string;
  /** A word of a program's arguments may be a path or not: it is one when there is such a file. */
  readonly isCertain: boolean;
  /** What the path is relative to: the folder of the scenario's main file, or the one that runner was called in. */
  readonly base: 'scenario' | 'working';
}

/**
 * The relative paths that a machine's share needs there. Those that are absolute or begin with `~/` mean the machine's own
 * files, wherever it is.
 */
export function scenarioFiles(share: Pick<Plan, 'nodes' | 'services' | 'flows'>): ScenarioFile[] {
  const certain = containerNodes(share).flatMap(({ name, container }): ScenarioFile[] => {
    const { image, mounts, copies } = container;
    const wanted = (path: string, what: string): ScenarioFile[] => [
      { path, wantedBy: `${what} of container "${name}"`, isCertain: true, base: 'scenario' },
    ];
    return [
      ...(image.build ? wanted(image.build.context, 'the build') : []),
      ...mounts.flatMap((mount) => (mount.kind === 'bind' ? wanted(mount.from, 'a mount') : [])),
      ...copies.flatMap(({ direction, from }) =>
        direction === 'in' ? wanted(from, 'a copy') : [],
      ),
    ];
  });
  const served = share.services.flatMap(({ name, serve }): ScenarioFile[] =>
    serve.kind !== 'web'
      ? []
      : [
          ...serve.sites.map(({ folder }) => folder),
          ...serve.recordings.map(({ file }) => file),
        ].map((path) => ({
          path,
          wantedBy: `the service "${name}"`,
          isCertain: true,
          base: 'scenario',
        })),
  );
  const containers = new Set(containerNodes(share).map(({ name }) => name));
  // A container's program is one of its own.
  const possible = share.flows.flatMap(({ name, from, probe }): ScenarioFile[] =>
    probe.kind !== 'run' || containers.has(from)
      ? []
      : probe.argv.flatMap(pathsInWord).map((path) => ({
          path,
          wantedBy: `flow "${name}"`,
          isCertain: false,
          base: 'working',
        })),
  );
  return [...certain, ...served, ...possible]
    .filter(({ path }) => isRelative(path))
    .map((file) => ({ ...file, path: plain(file.path) }));
}

/** `tools/probe.py`, and of `--config=a.conf` and `PYTHONPATH=lib` what follows the first `=`. */
function pathsInWord(word: string): string[] {
  const value = word.slice(word.indexOf('=') + 1);
  const paths = value === word ? [word] : [word, value];
  return paths.filter((path) => path !== '' && !path.startsWith('-') && !path.includes('\0'));
}

const isRelative = (path: string): boolean =>
  !path.startsWith('/') && path !== '~' && !path.startsWith('~/');

const plain = (path: string): string => posix.normalize(path).replace(/(?<=[^/])\/$/, '');

/** How many folders a plain relative path leads upward. */
export const climbOf = (path: string): number =>
  path.split('/').filter((part) => part === '..').length;
