// Where a scenario's own files are on another machine, so that its relative paths lead to them there as they do here.
import { posix } from 'node:path';
import { type ScenarioFile, climbOf } from './scenario-files.ts';

export interface FarFolders {
  /** Stands for the folder of the scenario's main file. */
  readonly scenario: string;
  /** Where programs of hosts run: stands for the folder that runner was called in, if they name files of it. */
  readonly working: string;
}

/** The two folders here, absolute. */
export type NearFolders = FarFolders;

/**
 * `root` is a folder there that is for this alone. Paths that lead upward need folders above, as many as the one that leads
 * furthest, and called as they are here: `../lib` and `../../lab/lib` may be the same folder.
 */
export function farFolders(
  files: readonly ScenarioFile[],
  root: string,
  near: NearFolders,
): FarFolders {
  // Where programs run that name no file of ours is all the same.
  const isNamed = files.some(({ base }) => base === 'working');
  const working = isNamed ? wayToWorking(near) : '.';
  const paths = files.map((file) => fromScenario(file, near));
  const depth = Math.max(climbOf(working), ...paths.map(climbOf));
  const names = near.scenario.split('/').filter((name) => name !== '');
  const above = Array.from({ length: depth }, (_, index) => names.at(index - depth) ?? '_');
  const scenario = posix.join(root, ...above);
  return { scenario, working: posix.join(scenario, working) };
}

/** The way to a file from the folder of the scenario's main file. */
export const fromScenario = ({ path, base }: ScenarioFile, near: NearFolders): string =>
  base === 'scenario' ? path : posix.join(wayToWorking(near), path);

const wayToWorking = ({ scenario, working }: NearFolders): string =>
  posix.relative(scenario, working) || '.';
