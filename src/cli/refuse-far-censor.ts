import { Fault } from '../base/fault.ts';
import type { LabRecord } from '../lab/list.ts';
import type { PlanCensor } from '../model/plan.ts';

/** Throws a usage fault when one of these censors is on another machine: whoever changes it asks the agent of this one. */
export function refuseFarCensor(
  { machines }: Pick<LabRecord, 'machines'>,
  censors: readonly Pick<PlanCensor, 'name' | 'on'>[],
  names: ReadonlySet<string>,
): void {
  for (const { name, on } of censors) {
    const part = machines.find(({ nodes }) => nodes.includes(on));
    if (part === undefined || !names.has(name)) continue;
    throw new Fault(
      'usage',
      `The censor "${name}" is on machine "${part.machine.name}" and cannot be changed from here`,
      {
        help: 'Change it by the traffic of the scenario (do: stop, start, reload), or destroy the lab and start it anew',
      },
    );
  }
}
