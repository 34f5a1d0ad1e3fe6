// The bytes that a client sent over TCP, put in order (RFC 9293 section 3.10.7.4), or, for a censor that does not, each segment by itself.
// Bounded: a stream that would need more is given up by its reader. Of overlapping copies the first wins, as in Linux, or the last.
import type { CensorReassembly } from '../../../model/censor.ts';
import { addSequence, sequenceDistance } from '../../../wire/tcp.ts';
import { type HeldBytes, keepFirst } from '../../reassembly/keep-first.ts';
import { keepLast } from '../../reassembly/keep-last.ts';

const MAX_AHEAD = 256;
const EMPTY = new Uint8Array(0);

export class ClientStream {
  /** The sequence number after the last byte in order. */
  next: number;
  /** What is in order and not consumed: `memory` from `start` to `end`, valid until `settle` or the next `add`. */
  memory: Uint8Array = EMPTY;
  start = 0;
  end = 0;
  /** Set when the limit was hit: what comes from then on cannot be trusted. */
  overflowed = false;
  readonly #reassembly: CensorReassembly;
  /** Whether something was not kept. */
  #lacks = false;
  #skip = 0;
  #borrowed = false;
  #ahead: HeldBytes[] = [];

  constructor(next: number, reassembly: CensorReassembly) {
    this.next = next;
    this.#reassembly = reassembly;
  }

  /** Takes a segment's payload. True when the reader should look: it put new bytes in order. */
  add(sequence: number, memory: Uint8Array, start: number, end: number): boolean {
    const { tcp, overlap, buffer } = this.#reassembly;
    if (!tcp) return this.#show(memory, start, end);
    const gap = sequenceDistance(sequence, this.next);
    if (gap > 0) {
      // Most likely the server does not take it either: it lies beyond its window (RFC 9293 section 3.10.7.4).
      if (gap + (end - start) > buffer || this.#ahead.length >= MAX_AHEAD) {
        this.#lacks = true;
        return false;
      }
      const keep = overlap === 'first' ? keepFirst : keepLast;
      this.#ahead = keep(this.#ahead, sequence, memory.slice(start, end));
      return false;
    }
    const fresh = start - gap;
    const isChanged = overlap === 'last' && this.#rewrite(memory, start, end, -gap);
    if (fresh >= end) return isChanged;
    this.#append(memory, fresh, end);
    this.#drainAhead();
    return true;
  }

  /** Whether the server, which expects `expected` next, has something that was not kept here: what follows can never be put in order. */
  isBehind(expected: number): boolean {
    return this.#lacks && sequenceDistance(expected, this.next) > 0;
  }

  /** Passes over bytes, those that have not come yet too. */
  consume(count: number): void {
    const here = Math.min(count, this.end - this.start);
    this.start += here;
    this.#skip += count - here;
  }

  /** Copies what is left out of memory that is somebody else's; called before that memory changes. */
  settle(): void {
    if (!this.#borrowed) return;
    this.#borrowed = false;
    if (!this.#reassembly.tcp) this.start = this.end;
    this.memory = this.start < this.end ? this.memory.slice(this.start, this.end) : EMPTY;
    this.end -= this.start;
    this.start = 0;
  }

  /** Makes a segment all that there is to read, whatever came before it. */
  #show(memory: Uint8Array, start: number, end: number): boolean {
    this.memory = memory;
    this.start = start;
    this.end = end;
    this.#skip = 0;
    this.#borrowed = true;
    return true;
  }

  /** Puts a segment that begins `behind` bytes before `next` over what waits of the same place. True when it covers some. */
  #rewrite(memory: Uint8Array, start: number, end: number, behind: number): boolean {
    this.settle();
    const at = this.end - behind;
    const first = Math.max(at, this.start);
    const last = Math.min(at + (end - start), this.end);
    if (first >= last) return false;
    this.memory.set(memory.subarray(start + first - at, start + last - at), first);
    return true;
  }

  #append(memory: Uint8Array, from: number, to: number): void {
    this.next = addSequence(this.next, to - from);
    const skipped = Math.min(this.#skip, to - from);
    this.#skip -= skipped;
    const start = from + skipped;
    if (start === to) return;
    if (this.start === this.end) {
      this.memory = memory;
      this.start = start;
      this.end = to;
      this.#borrowed = true;
      return;
    }
    this.settle();
    this.#copy(memory.subarray(start, to));
  }

  #copy(bytes: Uint8Array): void {
    const waiting = this.end - this.start;
    if (waiting + bytes.length > this.#reassembly.buffer) {
      this.overflowed = true;
      return;
    }
    if (this.end + bytes.length > this.memory.length) {
      const grown = new Uint8Array(Math.max(2048, (waiting + bytes.length) * 2));
      grown.set(this.memory.subarray(this.start, this.end));
      this.memory = grown;
      this.start = 0;
      this.end = waiting;
    }
    this.memory.set(bytes, this.end);
    this.end += bytes.length;
  }

  #drainAhead(): void {
    for (let first = this.#ahead[0]; first !== undefined; first = this.#ahead[0]) {
      const gap = sequenceDistance(first.sequence, this.next);
      if (gap > 0) return;
      this.#ahead.shift();
      if (-gap < first.bytes.length) this.#append(first.bytes, -gap, first.bytes.length);
    }
  }
}
