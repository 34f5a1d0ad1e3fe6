// Fields that hold others.
import { holdsAt } from '../../find-bytes.ts';
import type { ChoiceMember, Layout, ListMember, Size, StructMember } from '../grammar.ts';
import { extentOf } from './extent.ts';
import { FieldNode } from './field-node.ts';
import { lookUp, numberOf, valueOf } from './look-up.ts';
import { type Around, NOT_READ, type Reading } from './reading.ts';
import { roomOf } from './room.ts';

/** What reads the layouts within a field. */
export interface LayoutReader {
  readonly reading: Reading;
  /** Adds a layout's fields to `parent`; where it ends, its padding included. */
  layout(layout: Layout, parent: FieldNode, start: number, limit: number, around: Around): number;
}

/** Adds a field; where it ends, or `NOT_READ`. */
export function readNested(
  reader: LayoutReader,
  member: StructMember | ListMember | ChoiceMember,
  parent: FieldNode,
  at: number,
  end: number,
  around: Around,
): number {
  if (member.kind === 'list') return readList(reader, member, parent, at, end, around);
  const layout = member.kind === 'choice' ? chosen(member, parent) : member.layout;
  return member.size === null && member.name === ''
    ? reader.layout(layout, parent, at, end, around)
    : readSized(reader, member, layout, parent, at, end, around);
}

function chosen({ on, cases, otherwise }: ChoiceMember, parent: FieldNode): Layout {
  const value = valueOf(lookUp(parent, on));
  const key = typeof value === 'bigint' ? String(value) : value;
  const layout = typeof key === 'number' || typeof key === 'string' ? cases.get(key) : undefined;
  return layout ?? otherwise;
}

/** A layout with a name, or room, of its own. */
function readSized(
  reader: LayoutReader,
  member: StructMember | ChoiceMember,
  layout: Layout,
  parent: FieldNode,
  at: number,
  end: number,
  around: Around,
): number {
  const { reading } = reader;
  const { name, size } = member;
  const { limit, measure } = roomOf(reading, member, size, parent, at, end, around);
  if (limit === NOT_READ) return NOT_READ;
  const own = measure === null ? around : extentOf(around, at, measure, 1);
  if (name === '') return fill(reader, layout, parent, at, limit, own, size);
  const node = new FieldNode(reading.message, member, parent, at, around);
  parent.children.push(node);
  const next = fill(reader, layout, node, at, limit, own, size);
  node.inner = reading.inner;
  // The layout's padding lies behind the field.
  node.end = next - reading.padding;
  return next;
}

/** A layout that takes all of its room, where it has one. */
function fill(
  reader: LayoutReader,
  layout: Layout,
  node: FieldNode,
  at: number,
  limit: number,
  own: Around,
  size: Size | null,
): number {
  const { reading } = reader;
  const next = reader.layout(layout, node, at, limit, own);
  if (size === null) return next;
  if (next < limit) {
    reading.leftover(node, next, limit, own);
    reading.padding = 0;
  }
  if (own !== null) own.end = limit;
  return limit;
}

function readList(
  reader: LayoutReader,
  member: ListMember,
  parent: FieldNode,
  at: number,
  end: number,
  around: Around,
): number {
  const { reading } = reader;
  const { size } = member;
  const list = new FieldNode(reading.message, member, parent, at, around);
  parent.children.push(list);
  let limit = end;
  let count = Infinity;
  if (size.kind === 'count') {
    const field = lookUp(parent, size.path);
    count = field === undefined ? 0 : numberOf(field);
    if (field !== undefined)
      list.inner = extentOf(around, at, { field, counts: 'elements', plus: 0 }, 1);
  } else if (size.kind !== 'until') {
    const room = roomOf(reading, member, size, parent, at, end, around);
    if (room.limit === NOT_READ) return NOT_READ;
    ({ limit } = room);
    if (room.measure !== null) list.inner = extentOf(around, at, room.measure, 1);
  }
  list.end = readElements(reader, member, list, at, limit, count);
  if (list.inner !== around && list.inner !== null) list.inner.end = list.end;
  return list.end;
}

/** As many elements as are said, or as there are before what ends the list; where it ends. */
function readElements(
  reader: LayoutReader,
  { element, size }: ListMember,
  list: FieldNode,
  start: number,
  limit: number,
  count: number,
): number {
  const { reading } = reader;
  const { message } = reading;
  const until = size.kind === 'until' ? size.bytes : null;
  let at = start;
  for (let index = 0; index < count; index += 1) {
    if (until !== null && at + until.length <= limit && holdsAt(message, until, at))
      return at + until.length;
    if (at >= limit) {
      if (until !== null) reading.note(list, 'has no end');
      else if (count !== Infinity) reading.note(list, `has ${index} of ${count} elements`);
      return at;
    }
    const node = new FieldNode(message, element, list, at, list.inner, index);
    list.children.push(node);
    const next = reader.layout(element.layout, node, at, limit, list.inner);
    node.inner = reading.inner;
    node.end = next - reading.padding;
    if (next <= at) return reading.unread(list, at, limit, list.inner, 'has elements of no bytes');
    at = next;
  }
  return at;
}
