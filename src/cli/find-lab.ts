// Which lab and which node a person means.
import { Fault } from '../base/fault.ts';
import { nearest } from '../base/nearest.ts';
import type { LabRecord } from '../lab/list.ts';
import type { Input } from './verb.ts';

/** The lab with this id, this start of an id, or this scenario; all of them when several fit. */
export const labsNamed = (labs: readonly LabRecord[], name: string): readonly LabRecord[] => {
  const exact = labs.filter((lab) => lab.id === name);
  if (exact.length > 0) return exact;
  const whole = withoutParts(labs);
  return labs.filter(
    (lab) => lab.id.startsWith(name) || (lab.scenario === name && whole.includes(lab)),
  );
};

/** Where a far machine is this computer too, its part of a lab is seen as a lab of its own, which by default nobody means. */
function withoutParts(labs: readonly LabRecord[]): readonly LabRecord[] {
  const parts = new Set(labs.flatMap(({ machines }) => machines.map(({ id }) => id)));
  return labs.filter(({ id }) => !parts.has(id));
}

/** The one lab that is meant; without a name, the only one there is here. Throws a usage fault when it is not clear. */
export function oneLab(labs: readonly LabRecord[], name: string | undefined): LabRecord {
  const fitting =
    name === undefined
      ? withoutParts(labs).filter(({ state }) => state !== 'elsewhere')
      : labsNamed(labs, name);
  const [lab, ...others] = fitting;
  if (lab && others.length === 0) return lab;
  const list = fitting.map(({ id, scenario }) => `${id} (${scenario})`).join(', ');
  if (lab)
    throw new Fault('usage', `Several labs are meant: ${list}`, { help: 'Name one by its id' });
  if (name === undefined)
    throw new Fault('usage', 'No lab is up', {
      help: 'Start one with "runner up FILE" or "runner apply FILE --keep"',
    });
  throw new Fault('usage', `No lab is named "${name}"`, { help: listUp(labs) });
}

/** Which labs there are, with the nodes that could have been meant instead. */
const listUp = (labs: readonly LabRecord[]): string =>
  labs.length === 0
    ? 'No lab is up: start one with "runner up FILE" or "runner apply FILE --keep"'
    : `Up: ${labs.map(({ id, scenario, nodes }) => `${id} (${scenario}) with ${nodes.join(', ')}`).join('; ')}`;

/**
 * Words as `[LAB] NODE`, and the command. Without "--" the command begins behind the node, and the first word is a lab only
 * if one is named so and has the node that follows.
 */
export function splitCommand(
  labs: readonly LabRecord[],
  { words, command }: Pick<Input, 'words' | 'command'>,
): Pick<Input, 'words' | 'command'> {
  const [first = '', second = ''] = words;
  if (command.length > 0) return { words, command };
  const namesLab = labsNamed(labs, first).some(({ nodes }) => nodes.includes(second));
  const count = namesLab ? 2 : 1;
  return { words: words.slice(0, count), command: words.slice(count) };
}

/** Words as `[LAB] NODE`. */
export function labAndNode(
  labs: readonly LabRecord[],
  words: readonly string[],
): { readonly lab: LabRecord; readonly node: string } {
  const [first, second] = words;
  if (first === undefined)
    throw new Fault('usage', 'No node is named', {
      help: 'Run "runner ps" to see the labs and their nodes',
    });
  const lab = oneLab(labs, second === undefined ? undefined : first);
  const node = second ?? first;
  if (!lab.nodes.includes(node)) throw unknownNode(lab, node);
  return { lab, node };
}

export function unknownNode({ id, nodes }: LabRecord, node: string): Fault {
  const near = nearest(node, nodes);
  const help =
    near === undefined ? `Its nodes are: ${nodes.join(', ')}` : `Did you mean "${near}"?`;
  return new Fault('usage', `The lab ${id} has no node "${node}"`, { help });
}
