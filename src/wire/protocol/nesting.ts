// Which fields hold others: what every walk over a layout asks.
import type { Layout, LeafMember, Member } from './grammar.ts';

/** Whether a field holds one value and no others. */
export const isLeaf = (member: Member): member is LeafMember =>
  member.kind !== 'struct' && member.kind !== 'list' && member.kind !== 'choice';

/** Layouts of which a field has one, whatever a message says. A list has any number of its own: those are not among them. */
export function layoutsOf(member: Member): readonly Layout[] {
  if (isLeaf(member)) return [];
  switch (member.kind) {
    case 'struct':
      return [member.layout];
    case 'choice':
      return member.layouts;
    case 'list':
      return [];
  }
}
