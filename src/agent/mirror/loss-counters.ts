import { type LossCounter, lossCounter } from '../packet/loss-report.ts';
import type { MirrorReply } from './order.ts';
import type { Taps } from './tap/taps.ts';

/** Microseconds between two reports. */
const EVERY = 1e6;

/** What a thread of a mirror loses, told once a second and at the end. */
export class LossCounters {
  readonly #post: (reply: MirrorReply) => void;
  readonly #counters: LossCounter[] = [];
  #last = 0;

  constructor(post: (reply: MirrorReply) => void) {
    this.#post = post;
  }

  add(what: string, read: () => number): void {
    const tell = (count: number): void => this.#post({ kind: 'loss', count, what });
    this.#counters.push(lossCounter(read, tell));
  }

  addRings(taps: Taps): void {
    for (const { name, ring } of taps.rings)
      this.add(`packets not seen: the ring of ${name} was full`, () => ring.countDrops());
  }

  turn(now: number): void {
    if (now - this.#last < EVERY) return;
    this.#last = now;
    this.end();
  }

  end(): void {
    for (const counter of this.#counters) counter.report();
  }
}
