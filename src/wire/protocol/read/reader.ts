// Bytes → fields, in one pass. What cannot be read becomes a field of bytes named `unread`, and the first reason is kept.
import type { FieldValue } from '../../../model/protocol.ts';
import { latin1, readU8 } from '../../bytes.ts';
import { readName } from '../../dns-name.ts';
import { readBits, readNumber } from '../bits.ts';
import type {
  BytesMember,
  ChoiceMember,
  Layout,
  ListMember,
  Member,
  NameMember,
  Size,
  StructMember,
  TextMember,
} from '../grammar.ts';
import type { PathStep } from '../path.ts';
import type { Extent, Measure } from './extent.ts';
import { FieldNode } from './field-node.ts';

/** Layouts within each other; a message that nests deeper is not one of a protocol's but one against its readers. */
const MAX_DEPTH = 64;

/** Bytes that nothing is known of. */
export const UNREAD: BytesMember = {
  name: 'unread',
  type: { kind: 'bytes', size: 'rest' },
  guarded: false,
  kind: 'bytes',
  size: { kind: 'rest' },
};

type Around = Extent<FieldNode> | null;

export class Reader {
  /** Why a part could not be read. */
  fault: string | null = null;
  readonly #message: Uint8Array;
  #depth = 0;
  /** Of the layout read last: the innermost extent of its fields, and the bytes of its padding. */
  #own: Around = null;
  #padding = 0;

  /** The field of the message itself behind which nothing is to be read, and whether it was. */
  readonly #until: string | null;
  #isEnough = false;
  #root: FieldNode | null = null;

  constructor(message: Uint8Array, until: string | null = null) {
    this.#message = message;
    this.#until = until;
  }

  read(root: StructMember): FieldNode {
    const node = new FieldNode(this.#message, root, null, 0, null);
    this.#root = node;
    const end = this.#layout(root.layout, node, 0, this.#message.length, null);
    if (!this.#isEnough) this.#leftover(node, end, this.#message.length, null);
    node.end = this.#message.length;
    return node;
  }

  /** Adds a layout's fields to `parent`; where it ends, its padding included. */
  #layout(layout: Layout, parent: FieldNode, start: number, limit: number, around: Around): number {
    if (this.#depth >= MAX_DEPTH) {
      this.#own = around;
      this.#padding = 0;
      return this.#unread(parent, start, limit, around, `nests deeper than ${MAX_DEPTH} layouts`);
    }
    this.#depth += 1;
    const end = this.#fields(layout, parent, start, limit, around);
    this.#depth -= 1;
    return end;
  }

  #fields(layout: Layout, parent: FieldNode, start: number, limit: number, around: Around): number {
    const { members, size, align } = layout;
    const own = size === null && align === 1 ? around : extentOf(around, start, null, align);
    const first = parent.children.length;
    let end = limit;
    let at = start;
    let index = 0;
    const sized = this.#head(layout, parent, start, limit, own);
    if (sized !== null) {
      at += layout.head.bytes;
      end = sized;
      index = layout.head.members;
      if (this.#suffices(parent, first)) return at;
    }
    for (; index < members.length; index += 1) {
      const member = members[index];
      if (member === undefined) break;
      const next = this.#member(member, parent, at, end, own);
      if (next < 0) {
        at = end;
        break;
      }
      at = next;
      if (this.#suffices(parent, first)) return at;
      if (size?.member !== index || own === null) continue;
      const measured = this.#measured(size.path, size.plus, parent, first);
      if (measured === null) continue;
      const [measure, bytes] = measured;
      if (start + bytes < at) {
        const reason = `is ${bytes} bytes long as "${measure.field.path}" says, and has ${at - start} by then`;
        at = this.#unread(parent, at, limit, own, reason);
        break;
      }
      if (start + bytes > limit) this.#note(parent, `has ${limit - start} of ${bytes} bytes`);
      own.measure = measure;
      end = Math.min(limit, start + bytes);
    }
    if (own !== around && own?.measure) at = this.#leftover(parent, at, end, own);
    this.#own = own;
    this.#padding = Math.min(limit - at, (align - ((at - start) % align)) % align);
    if (own === around || own === null) return at;
    own.end = at;
    own.padding = this.#padding;
    return at + own.padding;
  }

  /** Whether the field is there that is sought, among those of the message from `first` on. */
  #suffices(parent: FieldNode, first: number): boolean {
    if (this.#until === null || parent !== this.#root) return false;
    for (let at = parent.children.length - 1; at >= first && !this.#isEnough; at -= 1)
      this.#isEnough = parent.children[at]?.name === this.#until;
    return this.#isEnough;
  }

  /** Adds the fields that lie at fixed places; where the layout ends, or null where one by one must say what is wrong. */
  #head(
    { head, size }: Layout,
    parent: FieldNode,
    start: number,
    limit: number,
    own: Around,
  ): number | null {
    const sizeLeaf = head.leaves[head.size]?.member;
    if (head.members === 0 || start + head.bytes > limit) return null;
    const first = parent.children.length;
    let end = limit;
    if (sizeLeaf?.kind === 'uint' && size !== null) {
      const at = start + (head.leaves[head.size]?.start ?? 0);
      const bytes = readNumber(this.#message, at, sizeLeaf) + size.plus;
      if (bytes < head.bytes || start + bytes > limit) return null;
      end = start + bytes;
    }
    const message = this.#message;
    for (const leaf of head.leaves) {
      const from = start + leaf.start;
      const to = start + leaf.end;
      parent.children.push(FieldNode.leaf(message, leaf.member, leaf.name, parent, from, to, own));
    }
    const field = parent.children[first + head.size];
    if (sizeLeaf !== undefined && field !== undefined && own !== null && size !== null)
      own.measure = { field, counts: 'bytes', plus: size.plus };
    return end;
  }

  /** Adds one field; where it ends, or -1 when it could not be read, and nothing behind it. */
  #member(member: Member, parent: FieldNode, at: number, end: number, around: Around): number {
    switch (member.kind) {
      case 'uint': {
        const start = at + member.skip;
        if (start + member.width > end) return this.#short(member, parent, at, end, around);
        this.#leaf(member, parent, start, start + member.width, around);
        return at + member.advance;
      }
      case 'mac':
      case 'ipv4':
      case 'ipv6':
      case 'pad':
        if (at + member.width > end) return this.#short(member, parent, at, end, around);
        // Padding without a name is found by no path.
        if (member.name !== '') this.#leaf(member, parent, at, at + member.width, around);
        return at + member.width;
      case 'bytes':
      case 'string':
        return this.#bytes(member, parent, at, end, around);
      case 'text':
        return this.#text(member, parent, at, end, around);
      case 'name':
        return this.#name(member, parent, at, end, around);
      case 'struct':
        return this.#struct(member, parent, at, end, around);
      case 'list':
        return this.#list(member, parent, at, end, around);
      case 'choice':
        return this.#choice(member, parent, at, end, around);
    }
  }

  #leaf(member: Member, parent: FieldNode, start: number, end: number, around: Around): FieldNode {
    const node = FieldNode.leaf(this.#message, member, member.name, parent, start, end, around);
    parent.children.push(node);
    return node;
  }

  #bytes(member: BytesMember, parent: FieldNode, at: number, end: number, around: Around): number {
    const { bytes, measure } = this.#sizeOf(member.size, parent, end - at);
    if (bytes < 0) return this.#negative(member, parent, at, end, around, bytes);
    if (at + bytes > end) this.#noteShort(member, parent, end - at, bytes);
    const node = this.#leaf(member, parent, at, Math.min(end, at + bytes), around);
    if (measure !== null) node.inner = { ...extentOf(around, at, measure, 1), end: node.end };
    return node.end;
  }

  #text(member: TextMember, parent: FieldNode, at: number, end: number, around: Around): number {
    const { until, blanks } = member;
    const found = this.#seek(until, at, end);
    let from = at;
    let to = found;
    while (blanks && from < to && isBlank(readU8(this.#message, from))) from += 1;
    while (blanks && to > from && isBlank(readU8(this.#message, to - 1))) to -= 1;
    this.#leaf(member, parent, from, to, around);
    if (found + until.length > end && until.length > 0)
      this.#note(parent, `ends before ${JSON.stringify(latin1(until, 0, until.length))}`);
    return Math.min(end, found + until.length);
  }

  /** Where these bytes are, or `end`. Nothing behind `end` is looked at: many fields may seek in vain. */
  #seek(until: Uint8Array, start: number, end: number): number {
    const room = this.#message.subarray(start, end);
    const first = readU8(until, 0);
    for (let at = room.indexOf(first); at >= 0; at = room.indexOf(first, at + 1)) {
      if (at + until.length > room.length) break;
      if (this.#holds(until, start + at)) return start + at;
    }
    return end;
  }

  #holds(bytes: Uint8Array, at: number): boolean {
    for (let index = 0; index < bytes.length; index += 1)
      if (this.#message[at + index] !== bytes[index]) return false;
    return true;
  }

  #name(member: NameMember, parent: FieldNode, at: number, end: number, around: Around): number {
    const name = readName(this.#message.subarray(member.base), at - member.base);
    const next = name.ok ? name.value.next + member.base : -1;
    if (!name.ok || next > end)
      return this.#fail(parent, at, end, around, name.ok ? 'ends within a name' : name.error);
    this.#leaf(member, parent, at, next, around);
    return next;
  }

  #struct(
    member: StructMember,
    parent: FieldNode,
    at: number,
    end: number,
    around: Around,
  ): number {
    if (member.size === null && member.name === '')
      return this.#layout(member.layout, parent, at, end, around);
    return this.#sized(member, member.size, member.layout, parent, at, end, around);
  }

  #choice(
    member: ChoiceMember,
    parent: FieldNode,
    at: number,
    end: number,
    around: Around,
  ): number {
    const on = valueOf(lookUp(parent, member.on));
    const key = typeof on === 'bigint' ? String(on) : on;
    const layout =
      (typeof key === 'number' || typeof key === 'string' ? member.cases.get(key) : undefined) ??
      member.otherwise;
    if (member.size === null && member.name === '')
      return this.#layout(layout, parent, at, end, around);
    return this.#sized(member, member.size, layout, parent, at, end, around);
  }

  /** A layout with a name, or room, of its own. */
  #sized(
    member: StructMember | ChoiceMember,
    size: Size | null,
    layout: Layout,
    parent: FieldNode,
    at: number,
    end: number,
    around: Around,
  ): number {
    const { bytes, measure } = this.#sizeOf(size, parent, end - at);
    if (bytes < 0) return this.#negative(member, parent, at, end, around, bytes);
    if (at + bytes > end) this.#noteShort(member, parent, end - at, bytes);
    const limit = Math.min(end, at + bytes);
    const own = measure === null ? around : extentOf(around, at, measure, 1);
    if (member.name === '') return this.#filled(layout, parent, at, limit, own, size);
    const node = new FieldNode(this.#message, member, parent, at, around);
    parent.children.push(node);
    const next = this.#filled(layout, node, at, limit, own, size);
    node.inner = this.#own;
    // The layout's padding lies behind the field.
    node.end = next - this.#padding;
    return next;
  }

  /** A layout that takes all of its room, where it has one. */
  #filled(
    layout: Layout,
    node: FieldNode,
    at: number,
    limit: number,
    own: Around,
    size: Size | null,
  ): number {
    const next = this.#layout(layout, node, at, limit, own);
    if (size === null) return next;
    const inner = this.#own;
    if (next < limit) {
      this.#leftover(node, next, limit, own);
      this.#own = inner;
      this.#padding = 0;
    }
    if (own !== null) own.end = limit;
    return limit;
  }

  #list(member: ListMember, parent: FieldNode, at: number, end: number, around: Around): number {
    const { size } = member;
    const node = new FieldNode(this.#message, member, parent, at, around);
    parent.children.push(node);
    let limit = end;
    let count = Infinity;
    if (size.kind === 'count') {
      const field = lookUp(parent, size.path);
      count = field === undefined ? 0 : numberOf(field);
      if (field !== undefined)
        node.inner = extentOf(around, at, { field, counts: 'elements', plus: 0 }, 1);
    } else if (size.kind !== 'until') {
      const { bytes, measure } = this.#sizeOf(size, parent, end - at);
      if (bytes < 0) {
        node.end = at;
        return this.#negative(member, parent, at, end, around, bytes);
      }
      if (at + bytes > end) this.#noteShort(member, parent, end - at, bytes);
      limit = Math.min(end, at + bytes);
      if (measure !== null) node.inner = extentOf(around, at, measure, 1);
    }
    const next = this.#elements(member, node, at, limit, count);
    node.end = next;
    if (node.inner !== around && node.inner !== null) node.inner.end = next;
    return next;
  }

  #elements(
    member: ListMember,
    list: FieldNode,
    start: number,
    limit: number,
    count: number,
  ): number {
    const until = member.size.kind === 'until' ? member.size.bytes : null;
    let at = start;
    for (let index = 0; index < count; index += 1) {
      if (until !== null && at + until.length <= limit && this.#holds(until, at))
        return at + until.length;
      if (at >= limit) {
        if (until !== null) this.#note(list, 'has no end');
        else if (count !== Infinity) this.#note(list, `has ${index} of ${count} elements`);
        return at;
      }
      const element = new FieldNode(this.#message, member.element, list, at, list.inner, index);
      list.children.push(element);
      const next = this.#layout(member.element.layout, element, at, limit, list.inner);
      element.inner = this.#own;
      element.end = next - this.#padding;
      if (next <= at) return this.#unread(list, at, limit, list.inner, 'has elements of no bytes');
      at = next;
    }
    return at;
  }

  #sizeOf(
    size: Size | null,
    parent: FieldNode,
    room: number,
  ): { readonly bytes: number; readonly measure: Measure<FieldNode> | null } {
    if (size === null || size.kind === 'rest') return { bytes: room, measure: null };
    if (size.kind === 'fixed') return { bytes: size.bytes, measure: null };
    const field = lookUp(parent, size.path);
    const bytes = field === undefined ? NaN : numberOf(field) + size.plus;
    if (field === undefined || Number.isNaN(bytes)) return { bytes: room, measure: null };
    // A text that says something else is one of several that say how a body ends: it does not end this one.
    if (field.member.kind !== 'uint' && bytes !== room) return { bytes: room, measure: null };
    return { bytes, measure: { field, counts: 'bytes', plus: size.plus } };
  }

  #measured(
    path: readonly PathStep[],
    plus: number,
    parent: FieldNode,
    first: number,
  ): readonly [Measure<FieldNode>, number] | null {
    const [step, ...rest] = path;
    if (step?.kind !== 'name') return null;
    for (let index = parent.children.length - 1; index >= first; index -= 1) {
      const child = parent.children[index];
      if (child?.name !== step.name) continue;
      const field = child.at(rest);
      const bytes = field === undefined ? NaN : numberOf(field) + plus;
      if (field === undefined || Number.isNaN(bytes)) return null;
      return [{ field, counts: 'bytes', plus }, bytes];
    }
    return null;
  }

  /** Bytes that a sized layout has beyond its fields. */
  #leftover(parent: FieldNode, at: number, end: number, around: Around): number {
    if (at >= end) return at;
    return this.#unread(parent, at, end, around, `has ${end - at} bytes behind its fields`);
  }

  #negative(
    member: Member,
    parent: FieldNode,
    at: number,
    end: number,
    around: Around,
    bytes: number,
  ): number {
    return this.#fail(parent, at, end, around, `has "${member.name}" of ${bytes} bytes`);
  }

  #short(member: Member, parent: FieldNode, at: number, end: number, around: Around): number {
    return this.#fail(parent, at, end, around, `ends before "${member.name || member.kind}"`);
  }

  #noteShort(member: Member, parent: FieldNode, found: number, wished: number): void {
    this.#note(parent, `has ${found} of the ${wished} bytes of "${member.name || member.kind}"`);
  }

  #fail(parent: FieldNode, at: number, end: number, around: Around, reason: string): -1 {
    this.#unread(parent, at, end, around, reason);
    return -1;
  }

  #unread(parent: FieldNode, at: number, end: number, around: Around, reason: string): number {
    this.#note(parent, reason);
    if (at < end) this.#leaf(UNREAD, parent, at, end, around);
    return end;
  }

  #note(parent: FieldNode, reason: string): void {
    this.fault ??= `${parent.path === '' ? 'The message' : `"${parent.path}"`} ${reason}`;
  }
}

/** The nearest field that these names lead to, of those read before in the structs around. */
function lookUp(from: FieldNode, path: readonly PathStep[]): FieldNode | undefined {
  for (let around: FieldNode | null = from; around !== null; around = around.parent) {
    if (around.member.kind === 'list') continue;
    const found = within(around, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function within(node: FieldNode, path: readonly PathStep[]): FieldNode | undefined {
  let at: FieldNode | undefined = node;
  for (const step of path) {
    if (step.kind !== 'name' || at === undefined) return undefined;
    if (at.member.kind === 'list') at = at.elements(step.name)[0]?.keyed;
    else at = lastNamed(at.children, step.name);
  }
  return at;
}

function lastNamed(fields: readonly FieldNode[], name: string): FieldNode | undefined {
  for (let at = fields.length - 1; at >= 0; at -= 1)
    if (fields[at]?.name === name) return fields[at];
  return undefined;
}

function valueOf(field: FieldNode | undefined): FieldValue | undefined {
  if (field?.member.kind !== 'uint') return field?.value;
  return readBits(field.message, field.start, field.member);
}

/** What a field says as a number; NaN where it is none. */
function numberOf(field: FieldNode): number {
  if (field.member.kind === 'uint') return readNumber(field.message, field.start, field.member);
  const { value } = field;
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : NaN;
}

const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x09;

const extentOf = (
  around: Around,
  start: number,
  measure: Measure<FieldNode> | null,
  align: number,
): Extent<FieldNode> => ({ around, start, end: start, measure, align, padding: 0 });
