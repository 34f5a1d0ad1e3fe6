// How large the rings of an interface are: many slots, for what a busy thread leaves there for a while. A slot is as large as the largest
// packet, and most are small: those have a ring of their own.
import { type RingSize, slotBytesFor } from '../../../kernel/packet-ring.ts';
import type { Lengths } from './tap-filter.ts';

export interface SizedRing {
  readonly size: RingSize;
  /** Of the frames that it is for. */
  readonly lengths: Lengths;
}

/** Bytes of a ring, which are the kernel's and are taken at once: of small packets, and of others. */
const RING_BYTES = { small: 2 ** 25, large: 2 ** 26 };
const LINK_HEADERS = 18;
/** Bytes of slots, and of the frames that fit with the kernel's own header. */
const SMALL = { slotBytes: 512, frame: 368 };
const MIDDLE = { slotBytes: 2048, frame: 1900 };

/** `longestPacket` in bytes, of the interface; without `hasWhole` headers alone are kept. */
export function ringSizesFor(longestPacket: number, hasWhole: boolean): readonly SizedRing[] {
  const small = sized(SMALL.slotBytes, RING_BYTES.small);
  if (!hasWhole) return [{ size: small, lengths: {} }];
  const longest = longestPacket + LINK_HEADERS;
  const rings: SizedRing[] = [
    { size: small, lengths: { below: SMALL.frame } },
    {
      size: sized(MIDDLE.slotBytes, RING_BYTES.large),
      lengths: { from: SMALL.frame, below: MIDDLE.frame },
    },
  ];
  if (longest < MIDDLE.frame) return rings;
  return [
    ...rings,
    { size: sized(slotBytesFor(longest), RING_BYTES.large), lengths: { from: MIDDLE.frame } },
  ];
}

const sized = (slotBytes: number, ringBytes: number): RingSize => ({
  slotBytes,
  slots: ringBytes / slotBytes,
});
