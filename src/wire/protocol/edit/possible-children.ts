// The fields that a structure can have, in the messages that what is known leaves over.
import type { ChoiceMember, Layout, Member } from '../grammar.ts';
import { type Known, casesKnown, passField } from './known-words.ts';

/** A place of the description that a path leads to. */
export interface Possible {
  readonly member: Member;
  readonly guarded: boolean;
  /** Whether it is an element of a list, or what the key of one stands for. */
  readonly isElement: boolean;
  /** The element whose key led here. */
  readonly element: Possible | null;
  readonly known: readonly Known[];
}

export const childOf = (from: Possible, member: Member, known: readonly Known[]): Possible => ({
  member,
  guarded: from.guarded || member.guarded,
  isElement: false,
  element: null,
  known,
});

/** Fields of a structure, those of its nameless parts among them. */
export function childrenOf(from: Possible): readonly Possible[] {
  const { member, known } = from;
  if (member.kind === 'choice') return new LayoutWalk(from).choice(member, known);
  if (member.kind !== 'struct') return [];
  return new LayoutWalk(from).layout(member.layout, known)?.found ?? [];
}

interface Walked {
  readonly found: readonly Possible[];
  readonly known: readonly Known[];
}

/** Through a layout and the nameless layouts within it, in the order of the bytes. */
class LayoutWalk {
  readonly #from: Possible;
  /** Layouts may hold themselves. */
  readonly #within = new Set<Layout>();

  constructor(from: Possible) {
    this.#from = from;
  }

  /** Null where no message of what is known has this layout. */
  layout(layout: Layout, before: readonly Known[]): Walked | null {
    if (this.#within.has(layout)) return { found: [], known: before };
    this.#within.add(layout);
    const walked = this.#members(layout, before);
    this.#within.delete(layout);
    return walked;
  }

  choice(member: ChoiceMember, known: readonly Known[]): readonly Possible[] {
    return casesKnown(member, known).flatMap((layout) => this.layout(layout, known)?.found ?? []);
  }

  #members(layout: Layout, before: readonly Known[]): Walked | null {
    const found: Possible[] = [];
    let known = before;
    for (const member of layout.members) {
      if (member.name === '' && member.kind === 'struct') {
        const inner = this.layout(member.layout, known);
        if (inner === null) return null;
        found.push(...inner.found);
        ({ known } = inner);
      } else if (member.name === '' && member.kind === 'choice')
        found.push(...this.choice(member, known));
      else {
        const passed = passField(member, known);
        if (passed === null) return null;
        known = passed;
        found.push(childOf(this.#from, member, known));
      }
    }
    return { found, known };
  }
}
