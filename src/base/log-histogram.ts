/** Buckets an octave: a quantile is right to a twelfth. */
const RESOLUTION = 8;
/** The smallest value told apart is 2^-7, about a hundredth. */
const OFFSET = 7 * RESOLUTION;
const BUCKETS = 32 * RESOLUTION;

/** Counts values by their order of magnitude, in a fixed memory. */
export class LogHistogram {
  readonly #counts: Float64Array = new Float64Array(BUCKETS);
  #total = 0;

  /** Values that were counted. */
  get total(): number {
    return this.#total;
  }

  /** How many values are below each bound and not below the one before; those of which there are none are left out. */
  buckets(): { readonly below: number; readonly count: number }[] {
    return [...this.#counts]
      .map((count, bucket) => ({ below: 2 ** ((bucket + 1 - OFFSET) / RESOLUTION), count }))
      .filter(({ count }) => count > 0);
  }

  /** Counts `value` so many times. */
  add(value: number, times: number): void {
    const place = Math.floor(Math.log2(Math.max(value, Number.MIN_VALUE)) * RESOLUTION) + OFFSET;
    const bucket = Math.min(BUCKETS - 1, Math.max(0, place));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + times;
    this.#total += times;
  }

  /** The value that a `share` of all do not exceed; 0 of none. */
  quantile(share: number): number {
    if (this.#total === 0) return 0;
    let left = this.#total * share;
    const bucket = this.#counts.findIndex((count) => (left -= count) <= 0);
    return 2 ** ((bucket + 1 - OFFSET) / RESOLUTION);
  }
}
