// What is known of a message before it is there: the words of some fields, so that choices by them have but some of their cases.
import type { ChoiceMember, Layout, Member, UintMember } from '../grammar.ts';
import type { PathStep } from '../path.ts';

/** Words that a field has. */
export interface Known {
  /** As choices name it. */
  readonly path: string;
  readonly words: readonly string[];
  /** Once the field was passed, whose enum says what the words are; another of its name is another field. */
  readonly keys: ReadonlySet<string | number> | null;
}

export const wordsOf = (path: readonly PathStep[], words: readonly string[]): Known => ({
  path: pathText(path),
  words,
  keys: null,
});

/** What is known behind a field; null where it would have to have a word that it has not. */
export function passField(member: Member, known: readonly Known[]): readonly Known[] | null {
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

/** The cases of a choice that there can be. */
export function casesKnown(
  { on, cases, otherwise, layouts }: ChoiceMember,
  known: readonly Known[],
): readonly Layout[] {
  const path = pathText(on);
  const keys = known.findLast((each) => each.path === path)?.keys ?? null;
  return keys === null
    ? layouts
    : [...new Set([...keys].map((key) => cases.get(key) ?? otherwise))];
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
export function keysOf({ words }: UintMember, texts: readonly string[]): ReadonlySet<number> {
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
