import { EXIT, Fault } from '../../base/fault.ts';
import { labsNamed, oneLab, unknownNode } from '../find-lab.ts';
import { basename, join } from 'node:path';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { chosenMachine } from '../there/machine-option.ts';
import { findLabs } from '../labs.ts';
import type { FarLabPart } from '../../model/lab-mark.ts';
import type { Input } from '../verb.ts';
import type { LabRecord } from '../../lab/list.ts';
import { print } from '../terminal.ts';
import { runThere, sameCall } from '../there/run-there.ts';
import { tellFault } from '../tell-fault.ts';

export async function run(input: Input): Promise<number> {
  const machine = chosenMachine(input);
  if (machine) return runThere(machine, sameCall('logs', input), 'report');
  const { lab, node } = labAndMaybeNode(await findLabs(), input.words);
  const parts = lab.machines.filter(({ nodes }) => node === undefined || nodes.includes(node));
  const far = new Set(lab.machines.flatMap(({ nodes }) => nodes));
  if (node === undefined || !far.has(node))
    printLogs(lab, (of) => (node === undefined ? !far.has(of) : of === node));
  let code: number = EXIT.ok;
  for (const part of parts) {
    const wanted = node === undefined ? part.nodes : [node];
    code ||= await printFarLogs(lab, part, node, (of) => wanted.includes(of));
  }
  return code;
}

/** What a machine does not tell any more is here as far as the run has fetched it. */
async function printFarLogs(
  lab: LabRecord,
  { machine, id }: FarLabPart,
  node: string | undefined,
  isWanted: (node: string) => boolean,
): Promise<number> {
  try {
    const argv = ['logs', id, ...(node === undefined ? [] : [node])];
    return await runThere(machine, argv, 'report');
  } catch (error) {
    const code = tellFault(error);
    printLogs(lab, isWanted);
    return code;
  }
}

/** The logs in the lab's folder on this machine. */
function printLogs(lab: LabRecord, isWanted: (node: string) => boolean): void {
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
    const nodes = lab.nodes.filter((node) => role === node || role.startsWith(`${node}.`));
    if (nodes.length > 0 && !nodes.some(isWanted)) continue;
    if (nodes.length === 0 && !isWanted(role)) continue;
    const text = readFileSync(join(lab.directory, name), 'utf8').trimEnd();
    if (text !== '') print(text.replace(/^/gm, `${role} | `) + '\n');
  }
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
