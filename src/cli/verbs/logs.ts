import { EXIT, Fault } from '../../base/fault.ts';
import { labsNamed, oneLab, unknownNode } from '../find-lab.ts';
import { basename, join } from 'node:path';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { findLabs } from '../labs.ts';
import type { Input } from '../verb.ts';
import type { LabRecord } from '../../lab/list.ts';
import { print } from '../terminal.ts';

export async function run({ words }: Input): Promise<number> {
  const { lab, node } = labAndMaybeNode(await findLabs(), words);
  if (lab.directory === '')
    throw new Fault('usage', `Lab ${lab.id} has no logs yet: it is only just being made`, {
      help: 'Look again in a moment',
    });
  // What the containers of a lab that stays write after its run is apart from the evidence.
  const later = join(lab.directory, 'lab', 'logs');
  const names = readLogNames(join(lab.directory, 'logs')).map((name) => join('logs', name));
  if (existsSync(later)) names.push(...readLogNames(later).map((name) => join('lab/logs', name)));
  for (const name of names) {
    const role = basename(name, '.log');
    if (node !== undefined && role !== node && !role.startsWith(`${node}.`)) continue;
    const text = readFileSync(join(lab.directory, name), 'utf8').trimEnd();
    if (text !== '') print(text.replace(/^/gm, `${role} | `) + '\n');
  }
  return EXIT.ok;
}

/** Words as `[LAB] [NODE]`: a single word is a lab if one is called that, else a node of the only lab. */
function labAndMaybeNode(
  labs: readonly LabRecord[],
  [first, second]: readonly string[],
): { readonly lab: LabRecord; readonly node: string | undefined } {
  const isNode =
    first !== undefined &&
    second === undefined &&
    labsNamed(labs, first).length === 0 &&
    labs.some(({ nodes }) => nodes.includes(first));
  const node = isNode ? first : second;
  const lab = oneLab(labs, isNode ? undefined : first);
  if (node !== undefined && !lab.nodes.includes(node)) throw unknownNode(lab, node);
  return { lab, node };
}

function readLogNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.log'))
      .sort();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('machine', `The logs of the lab cannot be read: ${reason}`, { cause });
  }
}
