// One direction of an impaired link. In the order of netem(8): loss, duplication, then for each copy the rate (a wire that
// serialises, with a bounded queue before it, as tbf(8)), corruption, and delay with jitter or reordering.
import type { Impairment } from '../../model/plan.ts';
import type { Random } from '../../base/random.ts';
import { normalStream } from './normal.ts';

const MICROS_PER_MILLI = 1000;
const MICROS_PER_SECOND = 1e6;

/** What became of the last frame that was admitted is left in its fields: nothing is allocated per frame. */
export class Impairer {
  /** Departure times of the copies, microseconds since the epoch; only the first `admit()` ones count. */
  readonly departures: Float64Array = new Float64Array(2);
  /** For each copy, the bit to flip (0 is the highest bit of the first byte), or -1. */
  readonly flips: Int32Array = new Int32Array(2);
  /** Frames that the loss took, and frames that found the rate's queue full. */
  lost = 0;
  overflowed = 0;
  readonly #spec: Impairment;
  readonly #random: Random;
  readonly #normal: () => number;
  /** When the wire will have sent all that waits for it. */
  #busyUntil = 0;

  constructor(spec: Impairment, random: Random) {
    this.#spec = spec;
    this.#random = random;
    this.#normal = normalStream(random.fork('jitter'));
  }

  /** Takes a frame of `length` bytes, link header included, at `now`. Gives how many copies leave: 0, 1 or 2. */
  admit(length: number, now: number): number {
    if (this.#happens(this.#spec.lossRatio)) {
      this.lost += 1;
      return 0;
    }
    const copies = this.#happens(this.#spec.duplicateRatio) ? 2 : 1;
    let leaving = 0;
    for (let copy = 0; copy < copies; copy += 1) {
      const sent = this.#serialise(length, now);
      if (sent < 0) {
        this.overflowed += 1;
        continue;
      }
      this.flips[leaving] = this.#happens(this.#spec.corruptRatio)
        ? this.#random.below(length * 8)
        : -1;
      this.departures[leaving] = sent + this.#delay();
      leaving += 1;
    }
    return leaving;
  }

  /** When the last bit of the frame is on the wire, or -1 when the queue before it is full. */
  #serialise(length: number, now: number): number {
    const { rate, queue } = this.#spec;
    if (rate === null) return now;
    const start = Math.max(now, this.#busyUntil);
    const waiting = ((start - now) * rate) / 8 / MICROS_PER_SECOND;
    // A queue smaller than the frame still lets one pass when the wire is free, or nothing ever would.
    if (waiting > 0 && waiting + length > queue) return -1;
    this.#busyUntil = start + (length * 8 * MICROS_PER_SECOND) / rate;
    return this.#busyUntil;
  }

  /** Never negative: a frame cannot leave before it came. */
  #delay(): number {
    const { delay, jitter, reorderRatio } = this.#spec;
    if (this.#happens(reorderRatio)) return 0;
    if (jitter === 0) return delay * MICROS_PER_MILLI;
    return Math.max(0, (delay + jitter * this.#normal()) * MICROS_PER_MILLI);
  }

  #happens(ratio: number): boolean {
    return ratio > 0 && this.#random.next() < ratio;
  }
}
