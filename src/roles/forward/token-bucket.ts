const MICROS_PER_SECOND = 1e6;

/** So many at once, so many a second. Time comes in, in microseconds. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #filled = 0;

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
  }

  /** Takes one, if there is one. */
  take(now: number): boolean {
    const passed = Math.max(0, now - this.#filled);
    this.#filled = Math.max(this.#filled, now);
    this.#tokens = Math.min(
      this.#burst,
      this.#tokens + (passed * this.#perSecond) / MICROS_PER_SECOND,
    );
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
