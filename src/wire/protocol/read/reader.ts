// Bytes → fields, in one pass: a layout's fields, one behind the other.
import type { Layout, StructMember } from '../grammar.ts';
import { isLeaf } from '../nesting.ts';
import { extentOf } from './extent.ts';
import { FieldNode } from './field-node.ts';
import { readHead } from './read-head.ts';
import { readLeaf } from './read-leaf.ts';
import { type LayoutReader, readNested } from './read-nested.ts';
import { type Around, NOT_READ, Reading } from './reading.ts';
import { layoutBytes } from './room.ts';

/** Layouts within each other; a message that nests deeper is not one of a protocol's but one against its readers. */
const MAX_DEPTH = 64;

export class Reader implements LayoutReader {
  readonly reading: Reading;
  #depth = 0;
  /** The field of the message itself behind which nothing is to be read, and whether it was. */
  readonly #until: string | null;
  #isEnough = false;
  #root: FieldNode | null = null;

  constructor(message: Uint8Array, until: string | null = null) {
    this.reading = new Reading(message);
    this.#until = until;
  }

  /** Why a part could not be read. */
  get fault(): string | null {
    return this.reading.fault;
  }

  read(root: StructMember): FieldNode {
    const { message } = this.reading;
    const node = new FieldNode(message, root, null, 0, null);
    this.#root = node;
    const end = this.layout(root.layout, node, 0, message.length, null);
    if (!this.#isEnough) this.reading.leftover(node, end, message.length, null);
    node.end = message.length;
    return node;
  }

  layout(layout: Layout, parent: FieldNode, start: number, limit: number, around: Around): number {
    if (this.#depth >= MAX_DEPTH) {
      this.reading.inner = around;
      this.reading.padding = 0;
      const reason = `nests deeper than ${MAX_DEPTH} layouts`;
      return this.reading.unread(parent, start, limit, around, reason);
    }
    this.#depth += 1;
    const end = this.#fields(layout, parent, start, limit, around);
    this.#depth -= 1;
    return end;
  }

  #fields(layout: Layout, parent: FieldNode, start: number, limit: number, around: Around): number {
    const { members, size, align } = layout;
    const { reading } = this;
    const own = size === null && align === 1 ? around : extentOf(around, start, null, align);
    const first = parent.children.length;
    let end = limit;
    let at = start;
    let index = 0;
    const sized = readHead(reading, layout, parent, start, limit, own);
    if (sized !== null) {
      at += layout.head.bytes;
      end = sized;
      index = layout.head.members;
      if (this.#suffices(parent, first)) return at;
    }
    for (; index < members.length; index += 1) {
      const member = members[index];
      if (member === undefined) break;
      const next = isLeaf(member)
        ? readLeaf(reading, member, parent, at, end, own)
        : readNested(this, member, parent, at, end, own);
      if (next === NOT_READ) {
        at = end;
        break;
      }
      at = next;
      if (this.#suffices(parent, first)) return at;
      if (size?.member !== index || own === null) continue;
      const measured = layoutBytes(size, parent, first);
      if (measured === null) continue;
      const { measure, bytes } = measured;
      if (start + bytes < at) {
        const reason = `is ${bytes} bytes long as "${measure.field.path}" says, and has ${at - start} by then`;
        at = reading.unread(parent, at, limit, own, reason);
        break;
      }
      if (start + bytes > limit) reading.note(parent, `has ${limit - start} of ${bytes} bytes`);
      own.measure = measure;
      end = Math.min(limit, start + bytes);
    }
    if (own !== around && own?.measure) at = reading.leftover(parent, at, end, own);
    const padding = Math.min(limit - at, (align - ((at - start) % align)) % align);
    reading.inner = own;
    reading.padding = padding;
    if (own === around || own === null) return at;
    own.end = at;
    own.padding = padding;
    return at + padding;
  }

  /** Whether the field is there that is sought, among those of the message from `first` on. */
  #suffices(parent: FieldNode, first: number): boolean {
    if (this.#until === null || parent !== this.#root) return false;
    for (let at = parent.children.length - 1; at >= first && !this.#isEnough; at -= 1)
      this.#isEnough = parent.children[at]?.name === this.#until;
    return this.#isEnough;
  }
}
