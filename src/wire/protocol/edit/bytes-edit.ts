// Edits of bytes, text, and whole structures. What cannot be done to them is a fault of usage that names the path.
import { Fault } from '../../../base/fault.ts';
import type { Random } from '../../../base/random.ts';
import type { FieldEdit } from '../../../model/relay.ts';
import { fromHex } from '../../bytes.ts';
import type { AddressMember, Member, UintMember } from '../grammar.ts';
import { encodeBytes } from '../write/encode.ts';
import { havoc } from './havoc.ts';
import { distinctBelow } from './random-number.ts';
import { type Splice, difference } from './splice.ts';

/** What is put in place of which bytes of a field. */
export type BytesChange = (old: Uint8Array, random: Random) => readonly Splice[];

export function bytesEdit(
  member: Exclude<Member, UintMember | AddressMember>,
  edit: FieldEdit,
): BytesChange | null {
  switch (edit.kind) {
    case 'set': {
      const bytes = filled(member, encodeBytes(member, edit.value, edit.path), edit.path);
      return (old) => [{ at: 0, remove: old.length, bytes }];
    }
    case 'random':
      if (edit.low !== null || edit.high !== null || edit.prefix !== null)
        throw new Fault(
          'usage',
          `"${edit.path}" is no number, of which ends or a prefix can be said`,
        );
      return (old, random) => [{ at: 0, remove: old.length, bytes: random.bytes(old.length) }];
    case 'bitflip':
      return (old, random) => flips(old, distinctBelow(random, old.length * 8, edit.bits));
    case 'truncate':
      return ({ length }) => [removal(length, edit.bytes, length)];
    case 'insert': {
      if (!/^(\s*[\da-f]{2})*\s*$/i.test(edit.hex))
        throw new Fault(
          'usage',
          `"${edit.path}" takes bytes: expected hexadecimal digits, found "${edit.hex}"`,
        );
      const bytes = fromHex(edit.hex);
      return ({ length }) => [{ at: Math.min(edit.at, length), remove: 0, bytes }];
    }
    case 'delete':
      return ({ length }) => [removal(length, edit.at, edit.bytes)];
    case 'havoc':
      return (old, random) => [difference(old, havoc(old, edit.edits, random))];
    case 'add':
    case 'xor':
    case 'or':
    case 'and':
    case 'toggle':
    case 'boundary':
    case 'swap':
    case 'mask':
      return null;
  }
}

/** Bytes that a field has whatever it holds; null: as many as it holds. */
export function roomOf(member: Member): number | null {
  switch (member.kind) {
    case 'bytes':
    case 'string':
    case 'list':
    case 'struct':
    case 'choice':
      return member.size?.kind === 'fixed' ? member.size.bytes : null;
    case 'pad':
    case 'mac':
    case 'ipv4':
    case 'ipv6':
    case 'uint':
      return member.width;
    case 'text':
    case 'name':
      return null;
  }
}

/** Cut, or with zero bytes behind it. */
export function fitted(bytes: Uint8Array, room: number): Uint8Array {
  if (bytes.length >= room) return bytes.subarray(0, room);
  const whole = new Uint8Array(room);
  whole.set(bytes);
  return whole;
}

function filled(member: Member, bytes: Uint8Array, path: string): Uint8Array {
  const room = roomOf(member);
  if (room === null) return bytes;
  if (bytes.length <= room) return fitted(bytes, room);
  throw new Fault('usage', `"${path}" has room for ${room} bytes, found ${bytes.length}`);
}

function removal(length: number, from: number, count: number): Splice {
  const at = Math.min(from, length);
  return { at, remove: Math.min(count, length - at), bytes: new Uint8Array(0) };
}

function flips(old: Uint8Array, bits: ReadonlySet<number>): readonly Splice[] {
  const flipped = old.slice();
  for (const bit of bits) flipped[bit >>> 3] = (flipped[bit >>> 3] ?? 0) ^ (0x80 >>> (bit & 7));
  const places = new Set([...bits].map((bit) => bit >>> 3));
  return [...places].map((at) => ({ at, remove: 1, bytes: flipped.subarray(at, at + 1) }));
}
