import { EXIT, Fault } from '../../base/fault.ts';
import { labsNamed, oneLab, unknownNode } from '../find-lab.ts';
import { readFileSync, readdirSync } from 'node:fs';
import { findLabs } from '../labs.ts';
import type { Input } from '../verb.ts';
import type { LabRecord } from '../../lab/list.ts';
import { join } from 'node:path';
import { print } from '../terminal.ts';

export async function run({ words }: Input): Promise<number> {
  const { lab, node } = labAndMaybeNode(await findLabs(), words);
  const folder = join(lab.directory, 'logs');
  for (const name of readLogNames(folder)) {
    const role = name.slice(0, -'.log'.length);
    if (node !== undefined && role !== node && !role.startsWith(`${node}.`)) continue;
    const text = readFileSync(join(folder, name), 'utf8').trimEnd();
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
