/** Microseconds between two reports. */
const EVERY = 1e6;

/** Tells a thread's counters once a second while they change, and at the end. */
export class StatisticsClock<T> {
  readonly #count: () => T;
  readonly #post: (reply: { readonly kind: 'statistics'; readonly statistics: T }) => void;
  #last = 0;
  #told = '';

  constructor(
    count: () => T,
    post: (reply: { readonly kind: 'statistics'; readonly statistics: T }) => void,
  ) {
    this.#count = count;
    this.#post = post;
  }

  turn(now: number): void {
    if (now - this.#last < EVERY) return;
    this.#last = now;
    this.end();
  }

  end(): void {
    const statistics = this.#count();
    const text = JSON.stringify(statistics);
    if (text === this.#told) return;
    this.#told = text;
    this.#post({ kind: 'statistics', statistics });
  }
}
