// What is wrong with an edit, before there is a message: its path, its kind for that type of field, or its values.
import { Fault } from '../../../base/fault.ts';
import { nearest } from '../../../base/nearest.ts';
import type { FieldEdit, ListEdit } from '../../../model/relay.ts';
import type { Grammar, Member } from '../grammar.ts';
import { type PathStep, appendName, parsePath } from '../path.ts';
import { isListEdit } from './edit-message.ts';
import { legalKinds, nounOf } from './legal-kinds.ts';
import { type Possible, childrenOf } from './possible-children.ts';
import { messageTypes, possibleFields } from './possible-fields.ts';
import { prepareEdit } from './prepare-edit.ts';

/** A sentence; null: nothing. Of no types: messages of any. */
export function checkEdit(
  grammar: Grammar,
  edit: FieldEdit | ListEdit,
  types: readonly string[],
  unsafe: boolean,
): string | null {
  const steps = parsePath(edit.path);
  if (!steps.ok) return steps.error;
  const found = possibleFields(grammar, steps.value, types);
  if (!('length' in found))
    return strayType(grammar, types) ?? strayPath(steps.value, found.step, found.names, types);
  if (!unsafe && found.some(isGuarded))
    return `"${edit.path}" is guarded: a session ends where it is edited, so that it needs "unsafe: true"`;
  return isListEdit(edit) ? checkList(edit, found) : checkFields(edit, found, unsafe);
}

/** A sentence where the path leads nowhere in messages of these types; null where it may. */
export function pathFault(grammar: Grammar, path: string, types: readonly string[]): string | null {
  const steps = parsePath(path);
  if (!steps.ok) return steps.error;
  const found = possibleFields(grammar, steps.value, types);
  if ('length' in found) return null;
  return strayType(grammar, types) ?? strayPath(steps.value, found.step, found.names, types);
}

/** An edit of a structure is one of all its fields. */
const isGuarded = (possible: Possible): boolean =>
  possible.guarded || childrenOf(possible).some(({ guarded }) => guarded);

function strayType(grammar: Grammar, types: readonly string[]): string | null {
  const words = messageTypes(grammar);
  const stray = types.find((type) => !words.includes(type) && !/^\d+$/.test(type));
  if (stray === undefined) return null;
  return `${grammar.spec.protocol} has no messages of type "${stray}"${guess(nearest(stray, words))}`;
}

function strayPath(
  path: readonly PathStep[],
  at: number,
  names: ReadonlySet<string>,
  types: readonly string[],
): string {
  const text = (steps: readonly PathStep[]): string => steps.reduce(appendStep, '');
  const step = path[at];
  const near = step?.kind === 'name' ? nearest(step.name, names) : undefined;
  const meant =
    near === undefined
      ? undefined
      : text([...path.slice(0, at), named(near), ...path.slice(at + 1)]);
  const whose = types.length === 0 ? 'any message' : `messages of type ${types.join(' or ')}`;
  return `"${text(path.slice(0, at + 1))}" is no field of ${whose}${guess(meant)}`;
}

const named = (name: string): PathStep => ({ kind: 'name', name });

const guess = (meant: string | undefined): string =>
  meant === undefined ? '' : `: did you mean "${meant}"?`;

function appendStep(path: string, step: PathStep): string {
  switch (step.kind) {
    case 'name':
      return appendName(path, step.name);
    case 'index':
      return `${path}[${step.index}]`;
    case 'all':
      return `${path}[*]`;
  }
}

function checkList(edit: ListEdit, found: readonly Possible[]): string | null {
  if (edit.kind === 'shuffle')
    return found.some(({ member }) => member.kind === 'list')
      ? null
      : `"${edit.path}" is no list, whose elements could be put in another order`;
  if (!found.some(({ isElement }) => isElement))
    return `"${edit.path}" is no element of a list: "${edit.kind}" is for those`;
  if (edit.kind === 'repeat' && !isCount(edit.times))
    return `"${edit.path}" is repeated a number of times, which ${edit.times} is not`;
  return null;
}

/** Enough that one place that a path may mean takes the edit. */
function checkFields(edit: FieldEdit, found: readonly Possible[], unsafe: boolean): string | null {
  const bad = countFault(edit);
  if (bad !== null) return bad;
  const faults: string[] = [];
  for (const member of new Set(found.map((possible) => possible.member))) {
    const fault = fieldFault(member, edit, unsafe);
    if (fault === null) return null;
    faults.push(fault);
  }
  return faults[0] ?? null;
}

function fieldFault(member: Member, edit: FieldEdit, unsafe: boolean): string | null {
  const { path, kind } = edit;
  const legal = legalKinds(member, unsafe);
  if (!legal.includes(kind)) {
    const isUnsafe = legalKinds(member, true).includes(kind);
    return `"${path}" is ${nounOf(member)}, for which there is no "${kind}"${isUnsafe ? ' unless "unsafe: true"' : ''}: expected ${legal.join(', ')}`;
  }
  try {
    prepareEdit(member, edit);
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    return wordFault(member, edit) ?? fault.message;
  }
  return unsafe ? null : numberFault(member, edit);
}

/** A word that is none, with the one that was meant. */
function wordFault(member: Member, edit: FieldEdit): string | null {
  if (member.kind !== 'uint' || member.words === null || edit.kind !== 'set') return null;
  if (typeof edit.value === 'number' || /^\d/.test(edit.value)) return null;
  const words = [...member.words.all.keys()];
  const near = nearest(edit.value, words);
  const known = near === undefined ? `: expected ${list(words)}` : guess(near);
  return `"${edit.path}" has no word "${edit.value}"${known}`;
}

/** Words that are all named. */
const MOST_WORDS = 12;

const list = (words: readonly string[]): string =>
  words.length > MOST_WORDS
    ? `${words.slice(0, MOST_WORDS).join(', ')} or another of its words`
    : words.join(', ');

function numberFault(member: Member, edit: FieldEdit): string | null {
  if (member.kind !== 'uint' || member.words?.isClosed !== true || edit.kind !== 'set') return null;
  const { words } = member;
  const number =
    typeof edit.value === 'number'
      ? edit.value
      : (words.numberOf(edit.value) ?? Number(edit.value));
  if (words.wordOf(number) !== null) return null;
  return `"${edit.path}" has no word for ${edit.value}, so that it needs "unsafe: true": expected ${list([...words.all.keys()])}`;
}

/** Places and counts of bytes, bits and edits that are none. */
function countFault(edit: FieldEdit): string | null {
  const counts = countsOf(edit);
  const bad = Object.entries(counts).find(([, count]) => !isCount(count));
  return bad === undefined
    ? null
    : `"${edit.path}": "${bad[0]}" of "${edit.kind}" is a whole number, which ${bad[1]} is not`;
}

function countsOf(edit: FieldEdit): Readonly<Record<string, number>> {
  switch (edit.kind) {
    case 'bitflip':
      return { bits: edit.bits };
    case 'truncate':
      return { bytes: edit.bytes };
    case 'insert':
      return { at: edit.at };
    case 'delete':
      return { at: edit.at, bytes: edit.bytes };
    case 'havoc':
      return { edits: edit.edits };
    case 'set':
    case 'add':
    case 'xor':
    case 'or':
    case 'and':
    case 'toggle':
    case 'random':
    case 'boundary':
    case 'swap':
    case 'mask':
      return {};
  }
}

const isCount = (count: number): boolean => Number.isSafeInteger(count) && count >= 0;
