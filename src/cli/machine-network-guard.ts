// What a scenario does in the machines' own network stacks is shown, and wants a person's word.
import { Fault } from '../base/fault.ts';
import { machineNetworkUse } from '../model/machine-network.ts';
import type { Plan } from '../model/plan.ts';
import { printable } from '../report/escape.ts';
import type { Input } from './verb.ts';
import { tell } from './terminal.ts';

/** Throws a usage fault, before anything is touched, when neither the scenario nor the command line agrees to it. */
export function guardMachineNetwork(plan: Plan, input: Input): void {
  const lines = machineNetworkUse(plan);
  if (lines.length === 0) return;
  for (const line of lines) tell(printable(line));
  if (plan.allowMachineNetwork === true || input.has('yes')) return;
  throw new Fault(
    'usage',
    'The scenario acts in the network stacks of machines, and nobody has agreed to it: nothing was touched',
    { help: 'Run it with --yes, or write "allowMachineNetwork: true" into the scenario' },
  );
}
