// How messages of one direction become writes: what lies side by side leaves as one, some are gathered, some are split.
import type { ByteSink, StreamEnd } from '../faults/pipe.ts';
import type { Timers } from '../timers.ts';
import { concatBytes } from '../../../wire/bytes.ts';

/** A write that has to wait for those before it. */
interface Write {
  readonly bytes: Uint8Array;
  /** Microseconds that pass between the write before it and this one. */
  readonly gap: number;
}

interface Gathering {
  /** Messages that are still to come. */
  left: number;
  readonly parts: Uint8Array[];
}

/** The first `sizes` bytes of a message leave by themselves; what is left is the last piece. */
export interface Splitting {
  readonly sizes: readonly number[];
  /** Microseconds. */
  readonly gap: number;
}

export class Outlet {
  readonly #sink: ByteSink;
  readonly #timers: Timers;
  /** Views of one piece of memory that follow each other. */
  #run: Uint8Array | null = null;
  #gathering: Gathering | null = null;
  #queue: Write[] = [];
  #waiting = 0;
  /** What follows the queue. */
  #ending: StreamEnd | null = null;

  constructor(sink: ByteSink, timers: Timers) {
    this.#sink = sink;
    this.#timers = timers;
  }

  /** Bytes that wait to be written. */
  get waiting(): number {
    return this.#waiting;
  }

  /** One whole message; it may be written with the next `flush` and must not change until then. */
  send(bytes: Uint8Array, now: number): void {
    if (this.#gathering === null && this.#queue.length === 0) this.#extend(bytes, now);
    else this.#wait(bytes, now);
  }

  split(bytes: Uint8Array, { sizes, gap }: Splitting, now: number): void {
    this.#release(now);
    let at = 0;
    for (const size of [...sizes, bytes.length]) {
      if (at >= bytes.length) return;
      const piece = bytes.subarray(at, at + Math.max(1, size));
      this.#write(piece, at === 0 ? 0 : gap, now);
      at += piece.length;
    }
  }

  /** The next message and so many behind it leave in one write, or by `until` what of them has come. */
  gather(following: number, until: number): void {
    if (this.#gathering !== null) {
      this.#gathering.left = Math.max(this.#gathering.left, following + 1);
      return;
    }
    const gathering: Gathering = { left: following + 1, parts: [] };
    this.#gathering = gathering;
    this.#timers.set(until, (now) => {
      if (this.#gathering === gathering) this.#release(now);
    });
  }

  /** What can leave does. */
  flush(now: number): void {
    const run = this.#run;
    if (run === null) return;
    this.#run = null;
    this.#sink.push(run, now);
  }

  /** Behind all that was sent. */
  end(how: StreamEnd, now: number): void {
    this.#release(now);
    if (this.#queue.length === 0) this.#finish(how, now);
    else this.#ending = how;
  }

  #finish(how: StreamEnd, now: number): void {
    this.flush(now);
    this.#sink.end(how, now);
  }

  #extend(bytes: Uint8Array, now: number): void {
    const run = this.#run;
    if (run === null) {
      this.#run = bytes;
      return;
    }
    const end = run.byteOffset + run.length;
    if (run.buffer === bytes.buffer && end === bytes.byteOffset) {
      this.#run = new Uint8Array(run.buffer, run.byteOffset, run.length + bytes.length);
      return;
    }
    this.flush(now);
    this.#run = bytes;
  }

  #wait(bytes: Uint8Array, now: number): void {
    const gathering = this.#gathering;
    if (gathering === null) {
      this.#write(bytes, 0, now);
      return;
    }
    gathering.parts.push(bytes.slice());
    gathering.left -= 1;
    this.#waiting += bytes.length;
    if (gathering.left <= 0) this.#release(now);
  }

  /** Writes what was gathered. */
  #release(now: number): void {
    const gathering = this.#gathering;
    if (gathering === null) return;
    this.#gathering = null;
    const bytes = concatBytes(...gathering.parts);
    this.#waiting -= bytes.length;
    if (bytes.length > 0) this.#write(bytes, 0, now);
  }

  /** In a write of its own. */
  #write(bytes: Uint8Array, gap: number, now: number): void {
    if (this.#queue.length === 0 && gap === 0) {
      this.flush(now);
      this.#sink.push(bytes, now);
      return;
    }
    this.#queue.push({ bytes: bytes.slice(), gap });
    this.#waiting += bytes.length;
    if (this.#queue.length === 1) this.#timers.set(now + gap, (then) => this.#next(then));
  }

  /** The write at the front of the queue is due. */
  #next(now: number): void {
    this.flush(now);
    for (let gap = 0; gap === 0; gap = this.#queue[0]?.gap ?? Infinity) {
      const write = this.#queue.shift();
      if (write === undefined) return;
      this.#waiting -= write.bytes.length;
      this.#sink.push(write.bytes, now);
    }
    const next = this.#queue[0];
    if (next !== undefined) this.#timers.set(now + next.gap, (then) => this.#next(then));
    else if (this.#ending !== null) this.#finish(this.#ending, now);
  }
}
