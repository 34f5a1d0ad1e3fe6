// Names in the results tree. Whatever a scenario says, they stay inside it.
import { invariant } from '../base/invariant.ts';
import { posix } from 'node:path';
import { shortHash } from '../scenario/plan-hash.ts';

/** The folder of all runs of one scenario: its name with anything but letters, digits, `.`, `_`, `-` replaced. */
export function scenarioFolder(scenario: string): string {
  const name = scenario
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 100);
  return name === '' ? 'scenario' : name;
}

/** `2026-11-20T21-04-11Z-3f9a1c`: sorts by time, and no character needs quoting. */
export const runFolder = (started: Date, planHash: string): string =>
  `${started
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')}-${shortHash(planHash)}`;

/** The name while it is written: hidden, so that a folder seen is a folder complete. */
export const partialName = (run: string): string => `.${run}.partial`;

/** The name of the folder of a lab without a run, which is there as long as the lab. */
export const standingName = (run: string): string => `.${run}.lab`;
export const isStandingName = (name: string): boolean => runOf(name, 'lab') !== undefined;

/** The run whose folder has this name while it is written; undefined when it is no such name. */
export const runOfPartial = (name: string): string | undefined => runOf(name, 'partial');

const runOf = (name: string, ending: string): string | undefined => {
  const match = /^\.(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-[0-9a-f]{6}(?:-\d+)?)\.(\w+)$/.exec(name);
  return match?.[2] === ending ? match[1] : undefined;
};

/** Where a copy of an included file lies: `sources/` and its path from the scenario's own folder, `..` as `up`. */
export function sourceName(scenarioFile: string, included: string): string {
  const relative = posix.relative(posix.dirname(scenarioFile), included);
  const parts = relative.split('/').filter((part) => part !== '' && part !== '.');
  return ['sources', ...parts.map((part) => (part === '..' ? 'up' : part))].join('/');
}

/** Joins a path from a plan to the folder it must stay in. */
export function inside(folder: string, relative: string): string {
  const path = posix.join(folder, relative);
  const escapes = posix.isAbsolute(relative) || !path.startsWith(`${posix.normalize(folder)}/`);
  invariant(!escapes, `The path ${JSON.stringify(relative)} stays inside the results folder`);
  return path;
}
