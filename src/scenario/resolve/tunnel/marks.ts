// What marks the packets of tunnels, and which tables their ways are in. As CoMPS has it: 51820 on the packets of wg0 and for the table of
// what goes by it; 51821 on the packets of those that carry it and for the table of wg0's own. 51822 is on packets of wg0 that are on their way.
import type { Span } from '../../../model/censor.ts';
import { groupBy } from '../../group.ts';
import type { BundleDraft } from './bundle-drafts.ts';
import type { TunnelDraft } from './order.ts';

export interface TunnelMark {
  /** 0: none. */
  readonly mark: number;
  /** Of what of the client goes by it. The next one is for its own packets. 0: none. */
  readonly table: number;
}

const FIRST = 51_820;
/** Marks of one tunnel and what carries it. FIRST is a multiple of it, so that a mask tells them from all others. */
const OF_ONE = 4;
/** Of a tunnel's mark: the bits that tell it and its carriers from others. */
export const GROUP_MASK = 0xffff_fffc;
/** What a nested tunnel's packets are marked with once they are on their way. */
export const ON_ITS_WAY = 2;

/** By name, counted for each client by itself: marks mean something on one host alone. */
export function marksOf(
  drafts: readonly TunnelDraft[],
  bundles: readonly BundleDraft[],
): ReadonlyMap<string, TunnelMark> {
  const marks = new Map<string, TunnelMark>();
  // What stays with such a tunnel has a table of its own.
  const kept = new Set(bundles.flatMap(({ stays, over }) => (stays ? over : [])));
  for (const own of groupBy([...drafts, ...bundles], ({ client }) => client).values()) {
    const routed = own.filter(
      ({ name, over, route }) => over.length > 0 || route !== 'none' || kept.has(name),
    );
    for (const [index, { name }] of routed.entries()) {
      const mark = FIRST + OF_ONE * index;
      marks.set(name, { mark, table: mark });
    }
    for (const [index, { over }] of routed.entries())
      for (const carrier of over)
        if (!marks.has(carrier)) marks.set(carrier, { mark: FIRST + OF_ONE * index + 1, table: 0 });
  }
  return marks;
}

/** The first mark that tunnels may have, and the last that is kept for one of these. */
export function markSpan(marks: ReadonlyMap<string, TunnelMark>): Span {
  const last = Math.max(FIRST, ...[...marks.values()].map(({ mark }) => mark));
  return { low: FIRST, high: last - (last % OF_ONE) + OF_ONE - 1 };
}
