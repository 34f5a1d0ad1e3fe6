// What a layout begins with whatever a message says: most fields of binary protocols, which are then read without a question each.
import type { HeadLeaf, LayoutHead, LayoutSizeAt, Member } from './grammar.ts';

export function layoutHead(members: readonly Member[], size: LayoutSizeAt | null): LayoutHead {
  const leaves: HeadLeaf[] = [];
  let bytes = 0;
  let count = 0;
  let sizeLeaf = -1;
  for (const [index, member] of members.entries()) {
    const place = placeOf(member);
    if (place === null) break;
    const isSize = size?.member === index;
    // A size in decimal is looked for with the rest.
    if (isSize && member.kind !== 'uint') break;
    if (isSize) sizeLeaf = leaves.length;
    const start = bytes + place.skip;
    // Padding without a name is found by no path.
    if (member.kind !== 'pad' || member.name !== '')
      leaves.push({ member, name: member.name, start, end: start + place.width });
    bytes += place.advance;
    // Fields of less than a byte are read with the others that share it, or not at all.
    if (place.advance > 0) count = index + 1;
  }
  return {
    leaves: leaves.filter(({ end }) => end <= bytes),
    members: count,
    bytes,
    size: sizeLeaf,
  };
}

/** Where a field lies from where its reader stands, in bytes. */
export interface FixedPlace {
  readonly skip: number;
  readonly width: number;
  /** How far the reader goes on. */
  readonly advance: number;
}

/** Null where that depends on the message. */
export function placeOf(member: Member): FixedPlace | null {
  switch (member.kind) {
    case 'uint':
      return { skip: member.skip, width: member.width, advance: member.advance };
    case 'mac':
    case 'ipv4':
    case 'ipv6':
    case 'pad':
      return { skip: 0, width: member.width, advance: member.width };
    case 'bytes':
    case 'string': {
      const { size } = member;
      return size.kind === 'fixed' ? { skip: 0, width: size.bytes, advance: size.bytes } : null;
    }
    case 'text':
    case 'name':
    case 'struct':
    case 'list':
    case 'choice':
      return null;
  }
}
