// What a path may find in messages of some types, by the description alone.
import type { ChoiceMember, Grammar, Layout, ListMember, Member, UintMember } from '../grammar.ts';
import type { PathStep } from '../path.ts';
import { layoutsOf } from '../write/accepts.ts';

/** A place of the description that a path leads to. */
export interface Possible {
  readonly member: Member;
  readonly guarded: boolean;
  /** Whether it is an element of a list, or what the key of one stands for. */
  readonly isElement: boolean;
  /** The element whose key led here. */
  readonly element: Possible | null;
  readonly known: readonly Known[];
}

/** Words that a field has, so that choices by it have but some of their cases. */
interface Known {
  /** As choices name it. */
  readonly path: string;
  readonly words: readonly string[];
  /** Once the field was passed, whose enum says what the words are; another of its name is another field. */
  readonly keys: ReadonlySet<string | number> | null;
}

/** Where a path ends that leads nowhere: the names that would have led on. */
export interface Astray {
  readonly step: number;
  readonly names: ReadonlySet<string>;
}

/** Of messages of these types, by either side; of no types, of any. */
export function possibleFields(
  { spec, roots }: Grammar,
  path: readonly PathStep[],
  types: readonly string[],
): readonly Possible[] | Astray {
  const known: readonly Known[] =
    spec.type === null || types.length === 0 ? [] : [{ path: spec.type, words: types, keys: null }];
  let found: readonly Possible[] = [...new Set([roots.client, roots.server])].map((member) => ({
    member,
    guarded: false,
    isElement: false,
    element: null,
    known,
  }));
  for (const [step, name] of path.entries()) {
    const next = found.flatMap((possible) => follow(possible, name));
    if (next.length === 0) return { step, names: new Set(found.flatMap(namesOf)) };
    found = next;
  }
  return found;
}

/** All words of the field whose word is a message's type. */
export function typeWords({ spec, roots }: Grammar, path: readonly PathStep[]): readonly string[] {
  if (spec.type === null) return ['message'];
  const words: string[] = [];
  let found: readonly Possible[] = [roots.client, roots.server].map((member) => ({
    member,
    guarded: false,
    isElement: false,
    element: null,
    known: [],
  }));
  for (const step of path) found = found.flatMap((possible) => follow(possible, step));
  for (const { member } of found)
    if (member.kind === 'uint') words.push(...(member.words?.all.keys() ?? []));
  return words;
}

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
  const path = pathText(key);
  const known = [...element.known, { path, words: [step.name], keys: null }];
  const keyed = { ...element, known };
  if (value === null) return [{ ...keyed, element: keyed }];
  let found: readonly Possible[] = [keyed];
  for (const next of value) found = found.flatMap((possible) => enter(possible, next));
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

function keyFields(element: Possible, key: readonly PathStep[]): readonly Possible[] {
  let found: readonly Possible[] = [element];
  for (const step of key) found = found.flatMap((possible) => enter(possible, step));
  return found;
}

/** Names that lead on from here. */
function namesOf(from: Possible): readonly string[] {
  const lists = from.member.kind === 'list' ? [from] : [];
  const children = from.member.kind === 'list' ? [] : childrenOf(from);
  const names = children.map(({ member }) => member.name).filter((name) => name !== '');
  lists.push(...children.filter(({ member }) => member.name === '' && member.kind === 'list'));
  for (const list of lists) {
    if (list.member.kind !== 'list' || list.member.key === null) continue;
    const element = childOf(list, list.member.element, list.known);
    for (const { member } of keyFields(element, list.member.key))
      if (member.kind === 'uint') names.push(...(member.words?.all.keys() ?? []));
  }
  return from.element === null || from.element === from
    ? names
    : [...names, ...namesOf(from.element)];
}

const childOf = (from: Possible, member: Member, known: readonly Known[]): Possible => ({
  member,
  guarded: from.guarded || member.guarded,
  isElement: false,
  element: null,
  known,
});

/** Fields of a structure, those of its nameless parts among them. */
export function childrenOf(from: Possible): readonly Possible[] {
  const { member, known } = from;
  switch (member.kind) {
    case 'struct':
      return new LayoutWalk(from).layout(member.layout, known)?.found ?? [];
    case 'choice':
      return new LayoutWalk(from).choice(member, known);
    case 'list':
    case 'uint':
    case 'mac':
    case 'ipv4':
    case 'ipv6':
    case 'bytes':
    case 'string':
    case 'text':
    case 'name':
    case 'pad':
      return [];
  }
}

interface Walked {
  readonly found: readonly Possible[];
  readonly known: readonly Known[];
}

/** Through a layout and the nameless layouts within it, in the order of the bytes. */
class LayoutWalk {
  readonly #from: Possible;
  /** Layouts may hold themselves. */
  readonly #within = new Set<Layout>();

  constructor(from: Possible) {
    this.#from = from;
  }

  /** Null where no message of what is known has this layout. */
  layout(layout: Layout, before: readonly Known[]): Walked | null {
    if (this.#within.has(layout)) return { found: [], known: before };
    this.#within.add(layout);
    const walked = this.#members(layout, before);
    this.#within.delete(layout);
    return walked;
  }

  choice(member: ChoiceMember, known: readonly Known[]): readonly Possible[] {
    const { on, cases, otherwise } = member;
    const keys = known.findLast(({ path }) => path === pathText(on))?.keys ?? null;
    const layouts =
      keys === null
        ? layoutsOf(member)
        : new Set([...keys].map((key) => cases.get(key) ?? otherwise));
    return [...layouts].flatMap((layout) => this.layout(layout, known)?.found ?? []);
  }

  #members(layout: Layout, before: readonly Known[]): Walked | null {
    const found: Possible[] = [];
    let known = before;
    for (const member of layout.members) {
      if (member.name === '' && member.kind === 'struct') {
        const inner = this.layout(member.layout, known);
        if (inner === null) return null;
        found.push(...inner.found);
        ({ known } = inner);
      } else if (member.name === '' && member.kind === 'choice')
        found.push(...this.choice(member, known));
      else {
        const passed = pass(member, known);
        if (passed === null) return null;
        known = passed;
        found.push(childOf(this.#from, member, known));
      }
    }
    return { found, known };
  }
}

/** What is known behind a field; null where it would have to have a word that it has not. */
function pass(member: Member, known: readonly Known[]): readonly Known[] | null {
  const after: Known[] = [];
  for (const each of known) {
    const [first = '', ...rest] = each.path.split('.');
    if (first !== member.name) after.push(each);
    else if (each.keys === null) {
      const numbers = uintsAt(member, rest);
      const keys = new Set(numbers.flatMap((uint) => [...keysOf(uint, each.words)]));
      if (keys.size === 0 && numbers.length > 0) return null;
      after.push(numbers.length === 0 ? { ...each, keys: new Set(each.words) } : { ...each, keys });
    }
  }
  return after;
}

/** The numbers that these names lead to from a field. */
function uintsAt(member: Member, names: readonly string[]): readonly UintMember[] {
  const [name, ...rest] = names;
  if (name === undefined) return member.kind === 'uint' ? [member] : [];
  if (member.kind !== 'struct') return [];
  return member.layout.members
    .filter((inner) => inner.name === name)
    .flatMap((inner) => uintsAt(inner, rest));
}

/** Numbers of these words; numbers without a word are said in digits. */
function keysOf({ words }: UintMember, texts: readonly string[]): ReadonlySet<number> {
  const keys = new Set<number>();
  for (const text of texts) {
    const number =
      words?.numberOf(text) ??
      (/^(0x[\da-f]{1,12}|\d{1,15})$/i.test(text) ? Number(text) : undefined);
    if (number !== undefined) keys.add(number);
  }
  return keys;
}

const pathText = (path: readonly PathStep[]): string =>
  path.map((step) => (step.kind === 'name' ? step.name : '')).join('.');
