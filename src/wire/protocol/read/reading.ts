// A message as far as it has been read. What cannot be read becomes a field of bytes named `unread`, and the first reason is kept.
import type { BytesMember, Member } from '../grammar.ts';
import type { Extent } from './extent.ts';
import { FieldNode } from './field-node.ts';

/** Bytes that nothing is known of. */
export const UNREAD: BytesMember = {
  name: 'unread',
  type: { kind: 'bytes', size: 'rest' },
  guarded: false,
  kind: 'bytes',
  size: { kind: 'rest' },
};

/** The innermost extent around a field; null: the message. */
export type Around = Extent<FieldNode> | null;

/** What reading a field gives in place of where it ends: it could not be read, and nothing behind it. */
export const NOT_READ = -1;

export class Reading {
  /** Why a part could not be read. */
  fault: string | null = null;
  /** Of the layout read last: the innermost extent of its fields, and the bytes of its padding. */
  inner: Around = null;
  padding = 0;
  readonly message: Uint8Array;

  constructor(message: Uint8Array) {
    this.message = message;
  }

  /** Adds a field that holds no others. */
  leaf(member: Member, parent: FieldNode, start: number, end: number, around: Around): FieldNode {
    const node = FieldNode.leaf(this.message, member, member.name, parent, start, end, around);
    parent.children.push(node);
    return node;
  }

  /** What lies before `end` is not read; where it ends. */
  unread(parent: FieldNode, at: number, end: number, around: Around, reason: string): number {
    this.note(parent, reason);
    if (at < end) this.leaf(UNREAD, parent, at, end, around);
    return end;
  }

  /** Bytes that a sized layout has beyond its fields. */
  leftover(parent: FieldNode, at: number, end: number, around: Around): number {
    if (at >= end) return at;
    return this.unread(parent, at, end, around, `has ${end - at} bytes behind its fields`);
  }

  fail(parent: FieldNode, at: number, end: number, around: Around, reason: string): number {
    this.unread(parent, at, end, around, reason);
    return NOT_READ;
  }

  note(parent: FieldNode, reason: string): void {
    this.fault ??= `${parent.path === '' ? 'The message' : `"${parent.path}"`} ${reason}`;
  }
}
