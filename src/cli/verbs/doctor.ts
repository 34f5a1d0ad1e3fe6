import { cannotRun, renderChecks } from '../render-checks.ts';
import { paintFor, print, printJson, printLine } from '../terminal.ts';
import { EXIT } from '../../base/fault.ts';
import { examineScenario } from '../examine-scenario.ts';
import type { Input } from '../verb.ts';
import { checkFarMachine } from '../../lab/far/check-far-machine.ts';
import { type LabPlace, checkMachine } from '../../lab/doctor.ts';
import { chosenMachine } from '../there/machine-option.ts';
import { labsFolder } from '../../lab/machine/lab-folder.ts';
import { openMachine } from '../there/open-machine.ts';
import { printable } from '../../report/escape.ts';

export async function run(input: Input): Promise<number> {
  const [file] = input.words;
  if (file !== undefined) return examineScenario(file, input);
  const machine = chosenMachine(input);
  const checks = machine
    ? await checkFarMachine(machine, openMachine)
    : await checkMachine(placeOf(input));
  if (input.has('json')) printJson(checks);
  else {
    if (machine) printLine(`machine ${printable(machine.name)}`);
    print(renderChecks(checks, paintFor(process.stdout)));
  }
  return cannotRun(checks) ? EXIT.machineCannot : EXIT.ok;
}

/** Results go to a folder that a person chooses, labs of other machines' runners to the user's cache. */
const placeOf = (input: Input): LabPlace =>
  input.has('for-others')
    ? { name: 'folder of labs', folder: labsFolder() }
    : { name: 'results folder', folder: input.text('out') ?? 'results' };
