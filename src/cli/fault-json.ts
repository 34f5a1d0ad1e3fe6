// Faults for programs: what `--json` prints when there is no result.
import { parseSwitch, variableOf } from './input.ts';
import { Fault } from '../base/fault.ts';
import { VERBS } from './verbs.ts';

export interface FaultSummary {
  /** `invalid`: files or command line are wrong and nothing was done; `broken`: it could not be done. */
  readonly status: 'invalid' | 'broken';
  readonly fault: { readonly message: string; readonly help?: string };
}

export function faultSummary(error: unknown): FaultSummary {
  const message = error instanceof Error ? error.message : String(error);
  const help = error instanceof Fault ? error.help : undefined;
  const status = error instanceof Fault && error.kind === 'usage' ? 'invalid' : 'broken';
  return { status, fault: { message, ...(help !== undefined && { help }) } };
}

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
