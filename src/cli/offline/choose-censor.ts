import { Fault } from '../../base/fault.ts';
import type { Plan, PlanCensor } from '../../model/plan.ts';

/** The censor named, or the only one. One censor over several nodes counts once. Throws a usage fault where there is none. */
export function chooseCensor(
  file: string,
  { censors }: Plan,
  name: string | undefined,
): PlanCensor {
  const names = [...new Set(censors.map((censor) => censor.name))];
  const [only] = censors;
  if (only === undefined)
    throw new Fault('usage', `"${file}" has no censor`, {
      help: 'Write one under "censor": docs/censors.md. A "when" that is false leaves it out',
    });
  if (name === undefined && names.length > 1)
    throw new Fault('usage', `"${file}" has ${names.length} censors, and none is named`, {
      help: `Choose one with --censor: ${names.join(', ')}`,
    });
  const chosen = name === undefined ? only : censors.find((censor) => censor.name === name);
  if (chosen === undefined)
    throw new Fault('usage', `"${file}" has no censor "${name ?? ''}"`, {
      help: `It has: ${names.join(', ')}`,
    });
  return chosen;
}
