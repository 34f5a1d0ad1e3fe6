import { parseSwitch, variableOf } from './input.ts';
import { VERBS } from './verbs.ts';

/** Whether arguments ask for JSON, though they may be wrong otherwise. */
export function wantsJson(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const verb = VERBS.find(({ name }) => name === argv[0]);
  if (!verb?.options.some(({ name }) => name === 'json')) return false;
  const separator = argv.indexOf('--');
  const own = separator < 0 ? argv : argv.slice(0, separator);
  return own.includes('--json') || isOn(environment[variableOf('json')]);
}

function isOn(value: string | undefined): boolean {
  try {
    return value !== undefined && parseSwitch(variableOf('json'), value);
  } catch {
    return false;
  }
}
