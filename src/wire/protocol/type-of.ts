// The type of a message from its first bytes alone: where its field lies is worked out once, and each number's word kept.
import type { ChoiceMember, Grammar, Layout, StructMember, UintMember } from './grammar.ts';
import type { Side } from './contract.ts';
import { readNumber } from './bits.ts';
import { placeOf } from './layout-head.ts';
import { isLeaf } from './nesting.ts';
import { type PathStep, parsePath } from './path.ts';
import { Reader } from './read/reader.ts';
import { findFields } from './read/find.ts';

export type TypeReader = (message: Uint8Array) => string;

/** Of a message that ends before its type, and of all messages of a protocol without types. */
const ANY = 'message';

/** Numbers without a word that are kept as text; of wider fields the others are made anew each time. */
const KEPT = 256;

export function typeReader({ spec, roots }: Grammar, side: Side): TypeReader {
  const path = spec.type === null ? null : parsePath(spec.type);
  if (path?.ok !== true) return () => ANY;
  const root = roots[side];
  const located = locate(root.layout, path.value, 0);
  return located.reader ?? ((message) => readWhole(root, path.value, message));
}

/** Where the field does not lie at a place known beforehand, all is read. */
function readWhole(root: StructMember, path: readonly PathStep[], message: Uint8Array): string {
  const [field] = findFields(new Reader(message).read(root), path);
  return field === undefined ? ANY : (field.word ?? String(field.value));
}

/** A reader; or where the layout ends, in bytes from the message's start: null where that depends on the message. */
interface Located {
  readonly reader: TypeReader | null;
  readonly end: number | null;
}

function locate(layout: Layout, path: readonly PathStep[], start: number): Located {
  const [step, ...rest] = path;
  const numbers = new Map<string, (message: Uint8Array) => number>();
  let at = start;
  for (const member of layout.members) {
    const isSought = step?.kind === 'name' && member.name === step.name;
    if (isLeaf(member)) {
      const place = placeOf(member);
      if (place === null) return NOWHERE;
      if (member.kind === 'uint') {
        const first = at + place.skip;
        if (isSought) return { reader: wordReader(member, first), end: null };
        numbers.set(member.name, (message) => readNumber(message, first, member));
      }
      at += place.advance;
      continue;
    }
    switch (member.kind) {
      case 'struct': {
        if (member.name !== '' && !isSought && member.size?.kind === 'fixed') {
          at += member.size.bytes;
          break;
        }
        const inner = locate(member.layout, isSought ? rest : path, at);
        if (inner.reader !== null && (isSought || member.name === '')) return inner;
        if (inner.end === null) return NOWHERE;
        at = inner.end;
        break;
      }
      case 'choice':
        return { reader: choiceReader(member, isSought ? rest : path, at, numbers), end: null };
      case 'list':
        return NOWHERE;
    }
  }
  return { reader: null, end: layout.size === null && layout.align === 1 ? at : null };
}

const NOWHERE: Located = { reader: null, end: null };

function choiceReader(
  member: ChoiceMember,
  path: readonly PathStep[],
  at: number,
  numbers: ReadonlyMap<string, (message: Uint8Array) => number>,
): TypeReader | null {
  const [on, ...further] = member.on;
  const number = on?.kind === 'name' && further.length === 0 ? numbers.get(on.name) : undefined;
  if (number === undefined) return null;
  const readers = new Map<string | number, TypeReader>();
  for (const [key, layout] of member.cases) {
    const { reader } = locate(layout, path, at);
    if (reader === null) return null;
    readers.set(key, reader);
  }
  const otherwise = locate(member.otherwise, path, at).reader ?? (() => ANY);
  return (message) => (readers.get(number(message)) ?? otherwise)(message);
}

function wordReader(member: UintMember, at: number): TypeReader {
  const known = new Map<number, string>();
  const { words } = member;
  for (const number of words?.all.values() ?? []) known.set(number, words?.wordOf(number) ?? ANY);
  for (let number = 0; number < Math.min(KEPT, 2 ** member.bits); number += 1)
    known.set(number, words?.wordOf(number) ?? String(number));
  const end = at + member.width;
  return (message) => {
    if (message.length < end) return ANY;
    const number = readNumber(message, at, member);
    return known.get(number) ?? words?.wordOf(number) ?? String(number);
  };
}
