/** Kernel memory for all rings together, in bytes, as long as each has its minimum. */
const BUDGET = 256 << 20;
const LARGEST = 64 << 20;
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
 * Memory is divided among the captures. 64 MiB hold 0.4 s of 1 Gbit/s in small packets or 0.15 s of 3.4 Gbit/s in full
 * ones, against a drain every 10 ms; on two busy cores 16 MiB were seen to overflow and 32 MiB not.
 */
export function ringShape(captures: number): RingShape {
  const share = Math.floor(BUDGET / Math.max(1, captures) / BLOCK) * BLOCK;
  const size = Math.min(LARGEST, Math.max(SMALLEST, share));
  return { size, blockTimeout: Math.max(SHORTEST_TIMEOUT, Math.ceil((SLACK * BLOCK) / size)) };
}
