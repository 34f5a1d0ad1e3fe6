// How large the rings of an interface are: many slots, for what a busy thread leaves there for a while, of which most packets are small.
import { type RingSize, slotBytesFor } from '../../../kernel/packet-ring.ts';
import type { Lengths } from './tap-filter.ts';

export interface SizedRing {
  readonly size: RingSize;
  /** Of the frames that it is for. */
  readonly lengths: Lengths;
}

/** Bytes of a ring, which are the kernel's and are taken at once. */
const RING_BYTES = 2 ** 25;
const HEAD_RING: RingSize = { slotBytes: 512, slots: 16_384 };
const SHORT_SLOT = 2048;
/** Bytes of the frames that fit such a slot. */
const SHORT_FRAME = 1900;
const LINK_HEADERS = 18;

/** `longestPacket` in bytes, of the interface; without `hasWhole` headers alone are kept. */
export function ringSizesFor(longestPacket: number, hasWhole: boolean): readonly SizedRing[] {
  if (!hasWhole) return [{ size: HEAD_RING, lengths: { kind: 'all' } }];
  const longest = longestPacket + LINK_HEADERS;
  const short = { slotBytes: SHORT_SLOT, slots: RING_BYTES / SHORT_SLOT };
  if (longest < SHORT_FRAME) return [{ size: short, lengths: { kind: 'all' } }];
  const slotBytes = slotBytesFor(longest);
  return [
    { size: short, lengths: { kind: 'below', bytes: SHORT_FRAME } },
    {
      size: { slotBytes, slots: RING_BYTES / slotBytes },
      lengths: { kind: 'from', bytes: SHORT_FRAME },
    },
  ];
}
