import { cannotRun, renderChecks } from '../render-checks.ts';
import { paintFor, print, printJson, printLine } from '../terminal.ts';
import { EXIT } from '../../base/fault.ts';
import type { Input } from '../verb.ts';
import { checkFarMachine } from '../../lab/far/check-far-machine.ts';
import { checkMachine } from '../../lab/doctor.ts';
import { chosenMachine } from '../there/machine-option.ts';
import { openMachine } from '../there/open-machine.ts';
import { printable } from '../../report/escape.ts';

export async function run(input: Input): Promise<number> {
  const machine = chosenMachine(input);
  const checks = machine ? await checkFarMachine(machine, openMachine) : await checkMachine();
  if (input.has('json')) printJson(checks);
  else {
    if (machine) printLine(`machine ${printable(machine.name)}`);
    print(renderChecks(checks, paintFor(process.stdout)));
  }
  return cannotRun(checks) ? EXIT.machineCannot : EXIT.ok;
}
