// Which layouts have the fields that are set: how the case of a choice follows from them.
import type { Layout, Member } from '../grammar.ts';
import { layoutsOf } from '../nesting.ts';
import type { Setting } from './settings.ts';

/** Layouts within each other that are looked into. */
const MAX_DEPTH = 16;

/** Names of fields that a layout has whatever its choices are, with the members that have them. */
export function membersNamed(
  layout: Layout,
  name: string,
  depth: number = MAX_DEPTH,
): readonly Member[] {
  if (depth === 0) return [];
  return layout.members.flatMap((member) => {
    if (member.name !== '') return member.name === name ? [member] : [];
    if (member.kind === 'list') return member.key === null ? [] : [member];
    return layoutsOf(member).flatMap((inner) => membersNamed(inner, name, depth - 1));
  });
}

/** Whether every name that is set is a field of the layout, down to the last. */
export function accepts(layout: Layout, names: ReadonlyMap<string, Setting>): boolean {
  for (const [name, setting] of names)
    if (!membersNamed(layout, name).some((member) => takes(member, setting))) return false;
  return true;
}

export function takes(member: Member, { value, names, elements }: Setting): boolean {
  if (typeof value === 'string' && member.kind === 'uint')
    return /^[\dx]/.test(value) || member.words?.numberOf(value) !== undefined;
  if (names.size === 0 && elements.size === 0) return true;
  if (member.kind === 'list') return names.size === 0 || member.key !== null;
  return layoutsOf(member).some((layout) => accepts(layout, names));
}
