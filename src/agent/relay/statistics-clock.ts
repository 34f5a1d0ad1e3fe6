import type { RelayStatistics } from '../../model/relay.ts';
import type { RelayReply } from './order.ts';

/** Microseconds between two reports. */
const EVERY = 1e6;

/** Tells the counters once a second while they change, and at the end. */
export class StatisticsClock {
  readonly #count: () => RelayStatistics;
  readonly #post: (reply: RelayReply) => void;
  #last = 0;
  #told = '';

  constructor(count: () => RelayStatistics, post: (reply: RelayReply) => void) {
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
