// Fields that hold one value.
import { latin1, readU8 } from '../../bytes.ts';
import { readName } from '../../dns-name.ts';
import { findBytes } from '../../find-bytes.ts';
import type { BytesMember, LeafMember, Member, NameMember, TextMember } from '../grammar.ts';
import { extentOf } from './extent.ts';
import type { FieldNode } from './field-node.ts';
import { type Around, NOT_READ, type Reading } from './reading.ts';
import { roomOf } from './room.ts';

/** Adds a field; where it ends, or `NOT_READ`. */
export function readLeaf(
  reading: Reading,
  member: LeafMember,
  parent: FieldNode,
  at: number,
  end: number,
  around: Around,
): number {
  switch (member.kind) {
    case 'uint': {
      const start = at + member.skip;
      if (start + member.width > end) return short(reading, member, parent, at, end, around);
      reading.leaf(member, parent, start, start + member.width, around);
      return at + member.advance;
    }
    case 'mac':
    case 'ipv4':
    case 'ipv6':
    case 'pad':
      if (at + member.width > end) return short(reading, member, parent, at, end, around);
      // Padding without a name is found by no path.
      if (member.name !== '') reading.leaf(member, parent, at, at + member.width, around);
      return at + member.width;
    case 'bytes':
    case 'string':
      return readBytes(reading, member, parent, at, end, around);
    case 'text':
      return readText(reading, member, parent, at, end, around);
    case 'name':
      return readDomainName(reading, member, parent, at, end, around);
  }
}

const short = (
  reading: Reading,
  member: Member,
  parent: FieldNode,
  at: number,
  end: number,
  around: Around,
): number => reading.fail(parent, at, end, around, `ends before "${member.name || member.kind}"`);

function readBytes(
  reading: Reading,
  member: BytesMember,
  parent: FieldNode,
  at: number,
  end: number,
  around: Around,
): number {
  const { limit, measure } = roomOf(reading, member, member.size, parent, at, end, around);
  if (limit === NOT_READ) return NOT_READ;
  const node = reading.leaf(member, parent, at, limit, around);
  if (measure !== null) node.inner = { ...extentOf(around, at, measure, 1), end: limit };
  return limit;
}

function readText(
  reading: Reading,
  member: TextMember,
  parent: FieldNode,
  at: number,
  end: number,
  around: Around,
): number {
  const { message } = reading;
  const { until, blanks } = member;
  const found = findBytes(message, until, at, end);
  let from = at;
  let to = found < 0 ? end : found;
  const next = to + until.length;
  while (blanks && from < to && isBlank(readU8(message, from))) from += 1;
  while (blanks && to > from && isBlank(readU8(message, to - 1))) to -= 1;
  reading.leaf(member, parent, from, to, around);
  if (found < 0)
    reading.note(parent, `ends before ${JSON.stringify(latin1(until, 0, until.length))}`);
  return found < 0 ? end : next;
}

const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x09;

function readDomainName(
  reading: Reading,
  member: NameMember,
  parent: FieldNode,
  at: number,
  end: number,
  around: Around,
): number {
  const name = readName(reading.message.subarray(member.base), at - member.base);
  const next = name.ok ? name.value.next + member.base : NOT_READ;
  if (!name.ok || next > end) {
    const reason = name.ok ? 'ends within a name' : name.error;
    return reading.fail(parent, at, end, around, reason);
  }
  reading.leaf(member, parent, at, next, around);
  return next;
}
