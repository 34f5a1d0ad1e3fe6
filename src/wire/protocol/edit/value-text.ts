import type { Member, UintMember } from '../grammar.ts';
import { toHex } from '../../bytes.ts';
import { decodeValue } from '../read/decode.ts';
import type { FieldNode } from '../read/field-node.ts';

/** A number as its word, or in decimal. */
export const numberText = ({ words }: UintMember, value: number | bigint): string =>
  words?.wordOf(Number(value)) ?? String(value);

/** What a field says as rules write it: bytes, and all that is more than one value, as hexadecimal. */
export function valueText({ message, member, start, end }: FieldNode): string {
  return textOf(message, member, start, end);
}

/** What a field of these bytes would say. */
export const bytesText = (member: Member, bytes: Uint8Array): string =>
  textOf(bytes, withoutBase(member), 0, bytes.length);

function textOf(message: Uint8Array, member: Member, start: number, end: number): string {
  const value = decodeValue(message, member, start, end);
  if (value instanceof Uint8Array) return toHex(value);
  return member.kind === 'uint' && typeof value !== 'string'
    ? numberText(member, value)
    : String(value);
}

/** A name on its own, which points nowhere. */
const withoutBase = (member: Member): Member =>
  member.kind === 'name' ? { ...member, base: 0 } : member;
