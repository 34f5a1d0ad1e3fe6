import { EXIT, Fault } from '../../base/fault.ts';
import type { Input } from '../verb.ts';
import { destroyLab } from '../../lab/destroy.ts';
import { folderToForget } from '../../trial/forget-folder.ts';
import { listLabs } from '../../lab/list.ts';
import { oneLab } from '../find-lab.ts';
import { tell } from '../terminal.ts';

export async function run(input: Input): Promise<number> {
  const labs = listLabs();
  const [name] = input.words;
  if (input.has('all') && name !== undefined)
    throw new Fault('usage', 'Expected a lab or --all, found both');
  // A lab that a running apply still uses is taken down only when it is named.
  const meant = input.has('all')
    ? labs
    : [oneLab(name === undefined ? labs.filter((lab) => lab.kept) : labs, name)];
  for (const lab of meant) {
    const forget = await folderToForget(lab);
    await destroyLab(lab);
    await forget();
    tell(`${lab.id} (${lab.scenario}): gone`);
  }
  return EXIT.ok;
}
