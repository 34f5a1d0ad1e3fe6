/** Kernel memory for all rings together, in bytes, as long as each has its minimum. */
const BUDGET = 64 << 20;
const LARGEST = 32 << 20;
/** libpcap makes the blocks of its ring 256 KiB; with fewer than four, one slow drain loses packets. */
const BLOCK = 256 << 10;
const SMALLEST = 4 * BLOCK;
/** Milliseconds of trickling traffic that a ring must hold: then every block is handed over nearly empty. */
const SLACK = 100;
const SHORTEST_TIMEOUT = 10;

export interface RingShape {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds until a block that is not full is handed over. */
  readonly blockTimeout: number;
}

/**
 * Memory is divided among the captures. The kernel clears it when a capture opens, up to 2 ms a MiB, so it is not
 * given freely: 16 MiB hold 40 ms of 3.4 Gbit/s in full packets, against a drain every 10 ms. On two busy cores at that
 * rate 16 MiB were seen to overflow once and 32 MiB never; what is lost is counted and reported.
 */
export function ringShape(captures: number): RingShape {
  const share = Math.floor(BUDGET / Math.max(1, captures) / BLOCK) * BLOCK;
  const size = Math.min(LARGEST, Math.max(SMALLEST, share));
  return { size, blockTimeout: Math.max(SHORTEST_TIMEOUT, Math.ceil((SLACK * BLOCK) / size)) };
}
