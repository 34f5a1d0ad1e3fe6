import { EXIT, Fault } from '../../base/fault.ts';
import type { Input } from '../verb.ts';
import type { LabRecord } from '../../lab/list.ts';
import { countOf } from '../../report/text.ts';
import { destroyLab } from '../../lab/destroy.ts';
import { destroyFarParts } from '../there/destroy-far-parts.ts';
import { chosenMachine } from '../there/machine-option.ts';
import { runThere, sameCall } from '../there/run-there.ts';
import { surveyLabs } from '../labs.ts';
import { folderToForget } from '../../trial/forget-folder.ts';
import { oneLab } from '../find-lab.ts';
import { tell } from '../terminal.ts';
import { tellFault } from '../tell-fault.ts';

export async function run(input: Input): Promise<number> {
  const [name] = input.words;
  if (input.has('all') && name !== undefined)
    throw new Fault('usage', 'Expected a lab or --all, found both');
  const machine = chosenMachine(input);
  if (machine) return runThere(machine, sameCall('destroy', input, ['all']), 'report');
  const { labs, isWhole } = await surveyLabs();
  if (input.has('all')) {
    const code = await destroyAll(labs.filter(({ state }) => state !== 'elsewhere'));
    return code === EXIT.ok && !isWhole ? tellUnsure() : code;
  }
  return destroy(oneLab(candidates(labs, name), name));
}

/**
 * A lab that a running apply still uses is taken down only when it is named, and one that may be in use where we cannot
 * see it only by its id: scenarios have the same name everywhere.
 */
function candidates(labs: readonly LabRecord[], name: string | undefined): readonly LabRecord[] {
  return labs.filter(({ state, id }) => {
    if (state === 'elsewhere') return name !== undefined && id.startsWith(name);
    return name !== undefined || state !== 'running';
  });
}

function tellUnsure(): number {
  tell('Not all is known to be gone: an engine that may have labs did not answer');
  return EXIT.machineCannot;
}

/** Gives the exit code: what is here goes, whatever becomes of the parts on other machines. */
async function destroy(lab: LabRecord): Promise<number> {
  // First: the part here is all that knows of them.
  const isWhole = await destroyFarParts(lab.machines);
  const forget = await folderToForget(lab);
  await destroyLab(lab);
  await forget();
  tell(`${lab.id} (${lab.scenario}): gone${isWhole ? '' : ' from this machine'}`);
  return isWhole ? EXIT.ok : EXIT.machineCannot;
}

/** One that cannot be taken down keeps none of the others. Gives the exit code of the first. */
async function destroyAll(labs: readonly LabRecord[]): Promise<number> {
  const codes: number[] = [];
  for (const lab of labs) {
    try {
      codes.push(await destroy(lab));
    } catch (error) {
      codes.push(tellFault(error));
    }
  }
  const bad = codes.filter((code) => code !== EXIT.ok);
  if (bad.length > 0) tell(`${bad.length} of ${countOf(labs.length, 'lab')} not gone`);
  return bad[0] ?? EXIT.ok;
}
