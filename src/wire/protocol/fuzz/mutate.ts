// What a field is made to say: values at which readers of its type go wrong.
import type { Random } from '../../../base/random.ts';
import type { EditValue, FieldEdit, ListEdit } from '../../../model/relay.ts';
import { fromLatin1, latin1, toHex } from '../../bytes.ts';
import { readBits } from '../bits.ts';
import { fitted, roomOf } from '../edit/bytes-edit.ts';
import { havoc } from '../edit/havoc.ts';
import { randomBelow } from '../edit/random-number.ts';
import { bytesText } from '../edit/value-text.ts';
import type { UintMember } from '../grammar.ts';
import type { FieldNode } from '../read/field-node.ts';
import type { MutableField } from './mutable-fields.ts';

/** An edit without chance; null: there is nothing to do to the field. */
export function mutate(
  { field, measures }: MutableField,
  random: Random,
): FieldEdit | ListEdit | null {
  const { path, member, index } = field;
  if (index >= 0) return mutateElement(path, random);
  switch (member.kind) {
    case 'uint':
      return set(path, written(mutateNumber(field, member, measures, random)));
    case 'list':
      return mutateList(field, random);
    case 'string':
    case 'text':
      return set(path, mutateText(field, random));
    case 'name':
      return set(path, mutateName(random));
    case 'mac':
    case 'ipv4':
    case 'ipv6':
      return set(path, mutateAddress(field, random));
    case 'bytes':
    case 'pad':
      return set(path, toHex(mutateBytes(field, random)));
    case 'struct':
    case 'choice':
      return null;
  }
}

const set = (path: string, value: EditValue): FieldEdit => ({ kind: 'set', path, value });

const written = (value: bigint): EditValue =>
  value > BigInt(Number.MAX_SAFE_INTEGER) ? String(value) : Number(value);

const pick = <T>(items: readonly T[], random: Random): T | undefined =>
  items[random.below(items.length)];

function mutateElement(path: string, random: Random): ListEdit {
  if (random.below(2) === 0) return { kind: 'remove', path };
  return { kind: 'repeat', path, times: 1 + random.below(3) };
}

/** In another order, or with an element in place of another. */
function mutateList({ path, message, children }: FieldNode, random: Random): FieldEdit | ListEdit {
  if (random.below(2) === 0) return { kind: 'shuffle', path, how: 'reverse' };
  const from = pick(children, random);
  const to = pick(children, random);
  if (from === undefined || to === undefined) return { kind: 'shuffle', path, how: 'reverse' };
  return set(to.path, toHex(message.subarray(from.start, from.end)));
}

function mutateNumber(
  { message, start }: FieldNode,
  member: UintMember,
  measures: boolean,
  random: Random,
): bigint {
  const { bits, words } = member;
  const old = BigInt(readBits(message, start, member));
  const size = 1n << BigInt(bits);
  const near = [old + 1n, old - 1n, 0n, size - 1n, size - 2n, size / 2n, size / 2n - 1n];
  const choices = [
    (): bigint => pick(near, random) ?? old,
    (): bigint => old ^ (1n << BigInt(random.below(bits))),
    (): bigint => randomBelow(random, size),
  ];
  // What a size says is wrong enough by one; a number with words means something by another of them.
  if (measures) choices.push(() => old + BigInt(random.below(17) - 8));
  else if (words !== null) {
    const all = [...words.numbers];
    choices.push(
      () => BigInt(pick(all, random) ?? 0),
      () => (words.isFlags ? old ^ BigInt(pick(all, random) ?? 0) : BigInt(pick(all, random) ?? 0)),
    );
  }
  return BigInt.asUintN(bits, pick(choices, random)?.() ?? old);
}

function mutateAddress({ message, member, start, end }: FieldNode, random: Random): string {
  const bytes = message.slice(start, end);
  switch (random.below(4)) {
    case 0:
      bytes.fill(0);
      break;
    case 1:
      bytes.fill(0xff);
      break;
    case 2: {
      const at = random.below(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      break;
    }
    default:
      bytes.set(random.bytes(bytes.length));
  }
  return bytesText(member, bytes);
}

/** Bytes that a text or a field of bytes is made longer by. */
const LONG = 300;

function mutateBytes(field: FieldNode, random: Random): Uint8Array {
  const { message, member, start, end } = field;
  const old = message.subarray(start, end);
  const room = roomOf(member);
  const changed = havocOrSize(old, random);
  return room === null ? changed : fitted(changed, room);
}

function havocOrSize(old: Uint8Array, random: Random): Uint8Array {
  switch (random.below(6)) {
    case 0:
      return old.subarray(0, random.below(old.length + 1));
    case 1:
      return fitted(old, old.length + 1 + random.below(LONG));
    case 2:
      return old.map(() => 0xff);
    default:
      return havoc(old, 1 + random.below(4), random);
  }
}

function mutateText(field: FieldNode, random: Random): string {
  const bytes = mutateBytes(field, random);
  const isNotable = random.below(4) === 0;
  const notable = isNotable ? fromLatin1(pick(NOTABLE, random) ?? '') : bytes;
  const room = roomOf(field.member);
  const text = room === null ? notable : notable.subarray(0, room);
  return latin1(text, 0, text.length);
}

/** Texts that readers take for something else. */
const NOTABLE = [
  '',
  ' ',
  '0',
  '-1',
  '4294967296',
  '%s%n',
  '../',
  '\r\n',
  '\0',
  '"',
  'A'.repeat(256),
];

/** Lengths of labels at and below the most that they may have (RFC 1035 section 2.3.4). */
function mutateName(random: Random): string {
  const labels = Array.from({ length: random.below(4) }, () => {
    const length = pick([1, 8, 62, 63], random) ?? 1;
    return Array.from({ length }, () => ALPHABET.charAt(random.below(ALPHABET.length))).join('');
  });
  return labels.join('.');
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789-_';
