// Names in the results tree. Whatever a scenario says, they stay inside it.
import { invariant } from '../base/invariant.ts';
import { posix } from 'node:path';

/** Hexadecimal digits of the plan's hash that people see. */
export const SHORT_HASH = 6;

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
    .replaceAll(':', '-')}-${planHash.slice(0, SHORT_HASH)}`;

/** The name while it is written: hidden, so that a folder seen is a folder complete. */
export const partialName = (run: string): string => `.${run}.partial`;

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
