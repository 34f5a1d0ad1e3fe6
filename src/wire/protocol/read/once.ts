import type { Layout, Member } from '../grammar.ts';
import { layoutsOf } from '../nesting.ts';

/** Whether a layout has at most one field of a name, whatever a message says: who has found it need not read on. */
export function isOnce(layout: Layout, name: string): boolean {
  return most(layout, name, []) <= 1;
}

function most(layout: Layout, name: string, around: readonly Layout[]): number {
  if (around.includes(layout)) return Infinity;
  const within = [...around, layout];
  return layout.members.reduce((sum, member) => sum + mostOf(member, name, within), 0);
}

function mostOf(member: Member, name: string, around: readonly Layout[]): number {
  if (member.name !== '') return member.name === name ? 1 : 0;
  // Any of its elements may be called so.
  if (member.kind === 'list') return Infinity;
  return layoutsOf(member).reduce((more, layout) => Math.max(more, most(layout, name, around)), 0);
}
