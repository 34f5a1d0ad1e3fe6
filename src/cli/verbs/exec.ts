import { Fault } from '../../base/fault.ts';
import type { Input } from '../verb.ts';
import { chosenMachine } from '../there/machine-option.ts';
import { findLabs } from '../labs.ts';
import { labAndNode, splitCommand } from '../find-lab.ts';
import { runInside } from '../run-inside.ts';
import { runThere, sameCall } from '../there/run-there.ts';

export async function run(input: Input): Promise<number> {
  const machine = chosenMachine(input);
  if (machine) return runThere(machine, sameCall('exec', input), 'dialogue');
  const labs = await findLabs();
  const { words, command } = splitCommand(labs, input);
  if (command.length === 0)
    throw new Fault('usage', 'No program is named', {
      help: 'Put it behind "--": runner exec [LAB] NODE -- program [argument]…',
    });
  const { lab, node } = labAndNode(labs, words);
  return runInside(lab, node, command);
}
