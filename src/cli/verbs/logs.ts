import { labsNamed, oneLab, unknownNode } from '../find-lab.ts';
import { EXIT } from '../../base/fault.ts';
import type { FarLabPart } from '../../model/lab-mark.ts';
import type { Input } from '../verb.ts';
import type { LabRecord } from '../../lab/list.ts';
import { chosenMachine } from '../there/machine-option.ts';
import { findLabs } from '../labs.ts';
import { followLogs } from '../logs/follow-logs.ts';
import { logFiles } from '../logs/log-files.ts';
import { print } from '../terminal.ts';
import { readFileSync } from 'node:fs';
import { runThere, sameCall } from '../there/run-there.ts';
import { tellFault } from '../tell-fault.ts';
import { watchInterrupts } from '../watch-interrupts.ts';

export async function run(input: Input): Promise<number> {
  const machine = chosenMachine(input);
  if (machine) return runThere(machine, sameCall('logs', input, ['follow']), 'report');
  const { lab, node } = labAndMaybeNode(await findLabs(), input.words);
  const parts = lab.machines.filter(({ nodes }) => node === undefined || nodes.includes(node));
  const far = new Set(lab.machines.flatMap(({ nodes }) => nodes));
  const isHere = (of: string): boolean => (node === undefined ? !far.has(of) : of === node);
  const hasHere = node === undefined || !far.has(node);
  if (input.has('follow')) return untilInterrupted(followAll);
  if (hasHere) printLogs(lab, isHere);
  const codes: number[] = [];
  for (const part of parts) codes.push(await printFarLogs(lab, part, node, []));
  return worst(codes);

  async function followAll(): Promise<number> {
    const here = hasHere ? followLogs(lab, isHere) : undefined;
    const there = parts.map((part) => printFarLogs(lab, part, node, ['--follow']));
    await here;
    return worst(await Promise.all(there));
  }
}

/** That of the first machine that could not tell. */
const worst = (codes: readonly number[]): number =>
  codes.find((code) => code !== EXIT.ok) ?? EXIT.ok;

async function untilInterrupted(follow: () => Promise<number>): Promise<number> {
  const interrupted = watchInterrupts();
  try {
    const ended = follow();
    return await Promise.race([ended, interrupted.outcome.then(({ code }) => code)]);
  } finally {
    interrupted.release();
  }
}

/** What a machine does not tell any more is here as far as the run has fetched it. */
async function printFarLogs(
  lab: LabRecord,
  { machine, id, nodes }: FarLabPart,
  node: string | undefined,
  switches: readonly string[],
): Promise<number> {
  try {
    const argv = ['logs', ...switches, id, ...(node === undefined ? [] : [node])];
    return await runThere(machine, argv, 'report');
  } catch (error) {
    const code = tellFault(error);
    printLogs(lab, (of) => (node === undefined ? nodes.includes(of) : of === node));
    return code;
  }
}

/** The logs in the lab's folder on this machine. */
function printLogs(lab: LabRecord, isWanted: (node: string) => boolean): void {
  for (const { role, path } of logFiles(lab, isWanted)) {
    const text = readFileSync(path, 'utf8').trimEnd();
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
