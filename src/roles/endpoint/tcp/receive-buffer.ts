// The peer's bytes: put in order, and kept until they are read. Bounded by its capacity, which is the window that the peer sees.
import { concatBytes } from '../../../wire/bytes.ts';
import { addSequence, sequenceDistance } from '../../../wire/tcp.ts';
import type { SackBlock } from '../../../wire/tcp-options.ts';
import { type HeldBytes, keepFirst } from '../../reassembly/keep-first.ts';

export class ReceiveBuffer {
  /** RCV.NXT; SYN and FIN are counted by whoever sees them. */
  next = 0;
  /** In order and not read yet. */
  available = 0;
  readonly #capacity: number;
  #ready: Uint8Array[] = [];
  #ahead: HeldBytes[] = [];
  #lastHeld = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** RCV.WND. */
  get window(): number {
    return this.#capacity - this.available;
  }

  /** Whether bytes are missing before others that came. */
  get hasGap(): boolean {
    return this.#ahead.length > 0;
  }

  /** Takes a copy of what lies in the window and is new. Gives how many bytes came in order by it. */
  add(sequence: number, bytes: Uint8Array): number {
    const stale = Math.max(0, sequenceDistance(this.next, sequence));
    const room = this.window + sequenceDistance(this.next, sequence);
    // Not `slice`, which gives a view of a Buffer.
    const fresh = new Uint8Array(bytes.subarray(stale, Math.max(stale, room)));
    if (fresh.length === 0) return 0;
    const from = addSequence(sequence, stale);
    this.#lastHeld = from;
    this.#ahead = keepFirst(this.#ahead, from, fresh);
    return this.#drain();
  }

  /** Takes bytes out; all of them unless `limit` is given. */
  read(limit: number = this.available): Uint8Array {
    const all = concatBytes(...this.#ready);
    const taken = all.subarray(0, limit);
    this.#ready = limit < all.length ? [all.subarray(limit)] : [];
    this.available -= taken.length;
    return taken;
  }

  /** What is held ahead of gaps, that with the newest bytes first (RFC 2018 section 4). */
  blocks(): SackBlock[] {
    const blocks: { left: number; right: number }[] = [];
    for (const { sequence, bytes } of this.#ahead) {
      const right = addSequence(sequence, bytes.length);
      const last = blocks.at(-1);
      if (last?.right === sequence) last.right = right;
      else blocks.push({ left: sequence, right });
    }
    const holdsNewest = ({ left, right }: SackBlock): boolean =>
      sequenceDistance(this.#lastHeld, left) >= 0 && sequenceDistance(right, this.#lastHeld) > 0;
    return [...blocks.filter(holdsNewest), ...blocks.filter((block) => !holdsNewest(block))];
  }

  #drain(): number {
    const before = this.available;
    for (let first = this.#ahead[0]; first?.sequence === this.next; first = this.#ahead[0]) {
      this.#ahead.shift();
      this.#ready.push(first.bytes);
      this.available += first.bytes.length;
      this.next = addSequence(this.next, first.bytes.length);
    }
    return this.available - before;
  }
}
