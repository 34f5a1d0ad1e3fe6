// What a path may find in messages of some types, by the description alone.
import type { Grammar, ListMember } from '../grammar.ts';
import { type PathStep, parsePath } from '../path.ts';
import { type Known, keysOf, wordsOf } from './known-words.ts';
import { type Possible, childOf, childrenOf } from './possible-children.ts';

/** Where a path ends that leads nowhere: the names that would have led on. */
export interface Astray {
  readonly step: number;
  readonly names: ReadonlySet<string>;
}

/** Of messages of these types, by either side; of no types, of any. */
export function possibleFields(
  grammar: Grammar,
  path: readonly PathStep[],
  types: readonly string[],
): readonly Possible[] | Astray {
  const type = typePath(grammar);
  let found = messagesOf(
    grammar,
    type === null || types.length === 0 ? [] : [wordsOf(type, types)],
  );
  for (const [step, name] of path.entries()) {
    const next = followAll(found, name);
    if (next.length === 0) return { step, names: new Set(found.flatMap(namesOf)) };
    found = next;
  }
  return found;
}

/** The types that messages of either side have by their words, in the order of the description; `message` where all are of one. */
export function messageTypes(grammar: Grammar): readonly string[] {
  const path = typePath(grammar);
  if (path === null) return ['message'];
  const found = path.reduce(followAll, messagesOf(grammar, []));
  return [...new Set(found.flatMap(wordsAt))];
}

const typePath = ({ spec }: Grammar): readonly PathStep[] | null => {
  const path = spec.type === null ? null : parsePath(spec.type);
  return path?.ok === true ? path.value : null;
};

/** Those of either side. */
const messagesOf = ({ roots }: Grammar, known: readonly Known[]): readonly Possible[] =>
  [...new Set([roots.client, roots.server])].map((member) => ({
    ...{ member, known },
    guarded: false,
    isElement: false,
    element: null,
  }));

const followAll = (found: readonly Possible[], step: PathStep): readonly Possible[] =>
  found.flatMap((possible) => follow(possible, step));

const enterAll = (found: readonly Possible[], step: PathStep): readonly Possible[] =>
  found.flatMap((possible) => enter(possible, step));

function follow(from: Possible, step: PathStep): readonly Possible[] {
  const found = enter(from, step);
  return found.length > 0 || step.kind !== 'name' || from.element === null
    ? found
    : enter(from.element, step);
}

function enter(from: Possible, step: PathStep): readonly Possible[] {
  if (from.member.kind === 'list') return enterList(from, from.member, step);
  const found: Possible[] = [];
  for (const child of childrenOf(from))
    if (step.kind === 'name' && child.member.name === step.name && step.name !== '')
      found.push(child);
    else if (child.member.name === '' && child.member.kind === 'list')
      found.push(...enterList(child, child.member, step));
  return found;
}

function enterList(from: Possible, member: ListMember, step: PathStep): readonly Possible[] {
  const element = { ...childOf(from, member.element, from.known), isElement: true };
  if (step.kind !== 'name') return [element];
  const { key, value } = member;
  if (key === null || !hasKey(element, key, step.name)) return [];
  const keyed = { ...element, known: [...element.known, wordsOf(key, [step.name])] };
  if (value === null) return [{ ...keyed, element: keyed }];
  const found = value.reduce(enterAll, [keyed]);
  return found.length === 0
    ? [{ ...keyed, element: keyed }]
    : found.map((possible) => ({ ...possible, isElement: true, element: keyed }));
}

/** Whether an element can be called so: any text is a key where texts are. */
function hasKey(element: Possible, key: readonly PathStep[], name: string): boolean {
  return keyFields(element, key).some(
    ({ member }) => member.kind !== 'uint' || keysOf(member, [name]).size > 0,
  );
}

const keyFields = (element: Possible, key: readonly PathStep[]): readonly Possible[] =>
  key.reduce(enterAll, [element]);

/** The words of a number. */
const wordsAt = ({ member }: Possible): readonly string[] =>
  member.kind === 'uint' ? [...(member.words?.all.keys() ?? [])] : [];

/** Names that lead on from here. */
function namesOf(from: Possible): readonly string[] {
  const lists = from.member.kind === 'list' ? [from] : [];
  const children = from.member.kind === 'list' ? [] : childrenOf(from);
  const names = children.map(({ member }) => member.name).filter((name) => name !== '');
  lists.push(...children.filter(({ member }) => member.name === '' && member.kind === 'list'));
  for (const list of lists) {
    if (list.member.kind !== 'list' || list.member.key === null) continue;
    const element = childOf(list, list.member.element, list.known);
    names.push(...keyFields(element, list.member.key).flatMap(wordsAt));
  }
  return from.element === null || from.element === from
    ? names
    : [...names, ...namesOf(from.element)];
}
