// The fields that a layout begins with at fixed places: read without a question each.
import { readNumber } from '../bits.ts';
import type { Layout } from '../grammar.ts';
import { FieldNode } from './field-node.ts';
import type { Around, Reading } from './reading.ts';

/** Adds them; where the layout ends, or null where it takes one by one to say what is wrong. */
export function readHead(
  { message }: Reading,
  { head, size }: Layout,
  parent: FieldNode,
  start: number,
  limit: number,
  own: Around,
): number | null {
  if (head.members === 0 || start + head.bytes > limit) return null;
  // To look for what lies before an array's beginning is slow.
  const sizeLeaf = head.size < 0 ? undefined : head.leaves[head.size];
  const first = parent.children.length;
  let end = limit;
  if (sizeLeaf?.member.kind === 'uint' && size !== null) {
    const bytes = readNumber(message, start + sizeLeaf.start, sizeLeaf.member) + size.plus;
    if (bytes < head.bytes || start + bytes > limit) return null;
    end = start + bytes;
  }
  for (const leaf of head.leaves) {
    const from = start + leaf.start;
    const to = start + leaf.end;
    parent.children.push(FieldNode.leaf(message, leaf.member, leaf.name, parent, from, to, own));
  }
  if (sizeLeaf === undefined || own === null || size === null) return end;
  const field = parent.children[first + head.size];
  if (field !== undefined) own.measure = { field, counts: 'bytes', plus: size.plus };
  return end;
}
