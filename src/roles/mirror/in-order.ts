// One direction of a connection in the order of its sequence numbers, from packets that may come late, twice or overlapping. Where only
// headers are known it counts bytes that it does not have.
import { addSequence, sequenceDistance } from '../../wire/tcp.ts';

/** Takes what is next. `bytes` is a view that holds until the call returns; null: not kept by whoever captured them. `mark` is the packet's. */
export type InOrderSink = (length: number, bytes: Uint8Array | null, mark: number) => void;

interface Held {
  readonly sequence: number;
  readonly length: number;
  readonly bytes: Uint8Array | null;
  readonly mark: number;
}

/** Pieces that may wait behind a gap. */
const MAX_HELD = 16_384;

export class InOrder {
  /** The sequence number of the next byte. */
  next: number;
  /** Bytes that were put in order, and that were passed over. */
  taken = 0;
  /** Bytes that wait behind a gap. */
  waiting = 0;
  readonly #limit: number;
  readonly #sink: InOrderSink;
  #held: Held[] = [];
  /** Bytes from the beginning to the last that was seen. */
  #reached = 0;

  /** `limit`: bytes that may wait behind a gap; what comes beyond it is not kept. */
  constructor(next: number, limit: number, sink: InOrderSink) {
    this.next = next;
    this.#limit = limit;
    this.#sink = sink;
  }

  /** Bytes up to the last that was seen, those that are missing included. */
  get reached(): number {
    return this.#reached;
  }

  get hasGap(): boolean {
    return this.#reached > this.taken;
  }

  /** Bytes between what is in order and the first that waits; 0: there is no gap. */
  get gap(): number {
    const first = this.#held[0];
    if (first === undefined) return this.#reached - this.taken;
    return sequenceDistance(first.sequence, this.next);
  }

  /** It is known from elsewhere that there are bytes up to this sequence number. */
  expect(sequence: number): void {
    this.#reached = Math.max(this.#reached, this.taken + sequenceDistance(sequence, this.next));
  }

  /** Takes what a packet carries: `length` bytes of which `bytes` is a view. Whether it put something in order. */
  add(sequence: number, length: number, bytes: Uint8Array | null, mark: number): boolean {
    const start = sequenceDistance(sequence, this.next);
    if (length === 0 || start + length <= 0) return false;
    this.#reached = Math.max(this.#reached, this.taken + start + length);
    if (start > 0) {
      this.#hold({ sequence, length, bytes, mark });
      return false;
    }
    this.#take(-start, length, bytes, mark);
    this.#drain();
    return true;
  }

  /** Goes on behind the gap, whose bytes will not come any more. Gives how many they are. */
  skip(): number {
    const missing = this.gap;
    this.next = addSequence(this.next, missing);
    this.taken += missing;
    return missing;
  }

  /** Takes what waited behind a gap that `skip` has passed over. */
  resume(): void {
    this.#drain();
  }

  #take(stale: number, length: number, bytes: Uint8Array | null, mark: number): void {
    const fresh = length - stale;
    this.next = addSequence(this.next, fresh);
    this.taken += fresh;
    this.#sink(fresh, stale === 0 ? bytes : (bytes?.subarray(stale) ?? null), mark);
  }

  #hold({ sequence, length, bytes, mark }: Held): void {
    if (this.waiting + length > this.#limit || this.#held.length >= MAX_HELD) return;
    const behind = this.#held.findLastIndex(
      (held) => sequenceDistance(held.sequence, sequence) <= 0,
    );
    const before = this.#held[behind];
    if (before?.sequence === sequence && before.length >= length) return;
    this.#held.splice(behind + 1, 0, { sequence, length, bytes: bytes?.slice() ?? null, mark });
    this.waiting += length;
  }

  #drain(): void {
    for (let first = this.#held[0]; first !== undefined; first = this.#held[0]) {
      const start = sequenceDistance(first.sequence, this.next);
      if (start > 0) return;
      this.#held.shift();
      this.waiting -= first.length;
      if (start + first.length > 0) this.#take(-start, first.length, first.bytes, first.mark);
    }
  }
}
