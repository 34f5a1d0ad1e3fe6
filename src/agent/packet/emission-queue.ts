// Frames that leave later: copied into pooled buffers, ordered by time, and bounded in bytes.
import { type FrameMemory, OFFLOAD_HEADER_LENGTH } from '../../kernel/packet-ring.ts';

/** Who put a frame in the queue, and gets it back when it is due. */
export interface Departure {
  /** The frame is at `start` to `end` until the transmitter has sent it. `tag` is what was given with it. */
  onDue(start: number, end: number, tag: number): void;
}

/** Room before each frame: its offload header, and a link header for packets that come without one. */
export const HEADROOM = 32;

/** A binary heap over a pool of equal buffers. Of frames due at the same time the earlier one leaves first. */
export class EmissionQueue {
  /** Frames refused because the pool was full. */
  dropped = 0;
  readonly #memory: FrameMemory;
  readonly #slotBytes: number;
  readonly #base: number;
  readonly #byteLimit: number;
  #bytes = 0;
  readonly #free: Int32Array;
  #freeCount: number;
  /** Buffers given back since the last `reclaim`. */
  readonly #spent: number[] = [];
  /** Slot numbers in heap order. */
  readonly #heap: Int32Array;
  #size = 0;
  readonly #times: Float64Array;
  readonly #orders: Float64Array;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #tags: Int32Array;
  readonly #owners: (Departure | undefined)[];
  #order = 0;

  /** `byteLimit` bounds the frames that wait; `poolBytes` the memory that their buffers span. */
  constructor(memory: FrameMemory, slotBytes: number, poolBytes: number, byteLimit: number) {
    const slots = Math.floor(poolBytes / slotBytes);
    this.#memory = memory;
    this.#slotBytes = slotBytes;
    this.#base = memory.take(slots * slotBytes);
    this.#byteLimit = byteLimit;
    this.#free = Int32Array.from({ length: slots }, (_, index) => slots - 1 - index);
    this.#freeCount = slots;
    this.#heap = new Int32Array(slots);
    this.#times = new Float64Array(slots);
    this.#orders = new Float64Array(slots);
    this.#starts = new Int32Array(slots);
    this.#ends = new Int32Array(slots);
    this.#tags = new Int32Array(slots);
    this.#owners = new Array<Departure | undefined>(slots);
  }

  /** When the first frame is due, microseconds since the epoch; Infinity when none waits. */
  get nextDue(): number {
    return this.#size === 0 ? Infinity : (this.#times[this.#heap[0] ?? 0] ?? 0);
  }

  get waiting(): number {
    return this.#size;
  }

  /**
   * Copies `bytes` from `start` to `end` into a buffer and gives where they now start, or -1 when there is no room. The
   * offload header before a frame of this memory is copied too; bytes from elsewhere get an empty one.
   */
  store(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (
      this.#freeCount === 0 ||
      length + HEADROOM > this.#slotBytes ||
      this.#bytes + length > this.#byteLimit
    ) {
      this.dropped += 1;
      return -1;
    }
    this.#freeCount -= 1;
    const slot = this.#free[this.#freeCount] ?? 0;
    const to = this.#base + slot * this.#slotBytes + HEADROOM;
    const own = this.#memory.bytes;
    if (bytes === own)
      own.copyWithin(to - OFFLOAD_HEADER_LENGTH, start - OFFLOAD_HEADER_LENGTH, end);
    else {
      own.fill(0, to - HEADROOM, to);
      own.set(bytes.subarray(start, end), to);
    }
    this.#bytes += length;
    this.#starts[slot] = to;
    this.#ends[slot] = to + length;
    return to;
  }

  /** Queues what `store` gave `start` for. */
  push(start: number, at: number, owner: Departure, tag: number): void {
    const slot = this.#slotOf(start);
    this.#times[slot] = at;
    this.#orders[slot] = this.#order;
    this.#tags[slot] = tag;
    this.#owners[slot] = owner;
    this.#order += 1;
    this.#siftUp(this.#size, slot);
    this.#size += 1;
  }

  /** Hands every frame due by `now` to its owner, at most `limit`. */
  depart(now: number, limit: number): void {
    for (let count = 0; count < limit && this.nextDue <= now; count += 1) {
      const slot = this.#pop();
      const owner = this.#owners[slot];
      this.#owners[slot] = undefined;
      const start = this.#starts[slot] ?? 0;
      owner?.onDue(start, this.#ends[slot] ?? 0, this.#tags[slot] ?? 0);
      this.discard(start);
    }
  }

  /** Gives the buffer at `start` back once all that was sent from it has left: at `reclaim`. */
  discard(start: number): void {
    this.#spent.push(this.#slotOf(start));
  }

  /** After a flush: buffers that have been sent from may be used again. */
  reclaim(): void {
    for (const slot of this.#spent) {
      this.#bytes -= (this.#ends[slot] ?? 0) - (this.#starts[slot] ?? 0);
      this.#free[this.#freeCount] = slot;
      this.#freeCount += 1;
    }
    this.#spent.length = 0;
  }

  #slotOf(start: number): number {
    return Math.floor((start - this.#base) / this.#slotBytes);
  }

  #isBefore(left: number, right: number): boolean {
    const difference = (this.#times[left] ?? 0) - (this.#times[right] ?? 0);
    if (difference !== 0) return difference < 0;
    return (this.#orders[left] ?? 0) < (this.#orders[right] ?? 0);
  }

  #siftUp(from: number, slot: number): void {
    const heap = this.#heap;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      const above = heap[parent] ?? 0;
      if (!this.#isBefore(slot, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = slot;
  }

  #pop(): number {
    const heap = this.#heap;
    const first = heap[0] ?? 0;
    this.#size -= 1;
    const last = heap[this.#size] ?? 0;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#isBefore(heap[child + 1] ?? 0, heap[child] ?? 0))
        child += 1;
      if (!this.#isBefore(heap[child] ?? 0, last)) break;
      heap[at] = heap[child] ?? 0;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}
