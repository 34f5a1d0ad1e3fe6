// Options from the command line first and the environment second.
import { Fault } from '../base/fault.ts';
import type { Input, Verb } from './verb.ts';

/** Options as given on the command line: true for a switch, text, or all texts of one that may be repeated. */
export type GivenOptions = ReadonlyMap<string, true | readonly string[]>;

export function makeInput(
  verb: Verb,
  words: readonly string[],
  command: readonly string[],
  given: GivenOptions,
  environment: Readonly<Record<string, string | undefined>>,
): Input {
  const options = new Map(given);
  for (const spec of verb.options) {
    const variable = variableOf(spec.name);
    const value = environment[variable];
    if (options.has(spec.name) || value === undefined) continue;
    if (spec.value === undefined) {
      if (parseSwitch(variable, value)) options.set(spec.name, true);
    } else if (value !== '') options.set(spec.name, spec.many ? splitLines(value) : [value]);
  }
  const list = (option: string): readonly string[] => {
    const values = options.get(option);
    return values === undefined || values === true ? [] : values;
  };
  return {
    words,
    command,
    has: (option) => options.has(option),
    text: (option) => list(option).at(-1),
    origin: (option) =>
      options.has(option) && !given.has(option) ? variableOf(option) : `--${option}`,
    list,
  };
}

/** `no-censor` → `RUNNER_NO_CENSOR`. */
export const variableOf = (option: string): string =>
  `RUNNER_${option.toUpperCase().replaceAll('-', '_')}`;

/** A switch's variable as yes or no. Throws a usage fault for any other word. */
export function parseSwitch(variable: string, value: string): boolean {
  const word = value.trim().toLowerCase();
  if (['1', 'true', 'yes', 'on'].includes(word)) return true;
  if (['', '0', 'false', 'no', 'off'].includes(word)) return false;
  throw new Fault('usage', `Expected "1" or "0" in ${variable}, found ${JSON.stringify(value)}`, {
    help: `Set it to 1 or 0, or unset it: unset ${variable}`,
  });
}

/** A variable that stands for a repeated option has one value a line: values may hold commas and blanks. */
const splitLines = (value: string): string[] =>
  value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
