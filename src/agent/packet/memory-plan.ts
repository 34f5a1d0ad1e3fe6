// How much memory the packet thread's rings and buffers get. Pure.
import { type RingSize, slotBytesFor } from '../../kernel/packet-ring.ts';

/** With segmentation offload a frame is as long as IP allows. */
const LONGEST_PACKET = 65_535;
const LINK_HEADERS = 18;
/** Ring memory is the kernel's and is taken at once, so all rings share this; one ring never gets more than RING_MOST. */
const RINGS_TOTAL = 64 * 2 ** 20;
const RING_MOST = 8 * 2 ** 20;
const FEWEST_SLOTS = 128;
/** Address space of waiting frames' buffers, taken as they are used, and the bytes that may wait in them. */
const POOL_SMALL = 256 * 2 ** 20;
const POOL_LARGE = 2 ** 30;
const WAITING_BYTES = 256 * 2 ** 20;
const LARGE_SLOT = 16_384;

export interface MemoryPlan {
  readonly ring: RingSize;
  readonly poolBytes: number;
  readonly waitingBytes: number;
  readonly totalBytes: number;
}

export function planMemory(
  interfaces: readonly { readonly mtu: number; readonly offload: boolean }[],
): MemoryPlan {
  const longest = interfaces.map(({ mtu, offload }) => (offload ? LONGEST_PACKET : mtu));
  const slotBytes = slotBytesFor(Math.max(1500, ...longest) + LINK_HEADERS);
  const share = Math.min(RING_MOST, RINGS_TOTAL / Math.max(1, interfaces.length));
  const ringSlots = Math.max(FEWEST_SLOTS, 2 ** Math.floor(Math.log2(share / slotBytes)));
  const poolBytes = slotBytes > LARGE_SLOT ? POOL_LARGE : POOL_SMALL;
  return {
    ring: { slotBytes, slots: ringSlots },
    poolBytes,
    waitingBytes: WAITING_BYTES,
    totalBytes:
      ringSlots * slotBytes * interfaces.length + poolBytes + ALIGNMENT * (interfaces.length + 1),
  };
}

/** What `FrameMemory.take` may round up to. */
const ALIGNMENT = 65_536;
