import { EXIT, Fault } from '../../base/fault.ts';
import type { Input } from '../verb.ts';
import type { LabRecord } from '../../lab/list.ts';
import { countOf } from '../../report/text.ts';
import { destroyLab } from '../../lab/destroy.ts';
import { findLabs } from '../labs.ts';
import { folderToForget } from '../../trial/forget-folder.ts';
import { oneLab } from '../find-lab.ts';
import { tell } from '../terminal.ts';
import { tellFault } from '../tell-fault.ts';

export async function run(input: Input): Promise<number> {
  const labs = await findLabs();
  const [name] = input.words;
  if (input.has('all') && name !== undefined)
    throw new Fault('usage', 'Expected a lab or --all, found both');
  if (input.has('all')) return destroyAll(labs);
  // A lab that a running apply still uses is taken down only when it is named.
  const candidates = name === undefined ? labs.filter(({ state }) => state !== 'running') : labs;
  await destroy(oneLab(candidates, name));
  return EXIT.ok;
}

async function destroy(lab: LabRecord): Promise<void> {
  const forget = await folderToForget(lab);
  await destroyLab(lab);
  await forget();
  tell(`${lab.id} (${lab.scenario}): gone`);
}

/** One that cannot be taken down keeps none of the others. Gives the exit code of the first. */
async function destroyAll(labs: readonly LabRecord[]): Promise<number> {
  const codes: number[] = [];
  for (const lab of labs) {
    try {
      await destroy(lab);
    } catch (error) {
      codes.push(tellFault(error));
    }
  }
  if (codes.length > 0) tell(`${codes.length} of ${countOf(labs.length, 'lab')} not gone`);
  return codes[0] ?? EXIT.ok;
}
