import type { Random } from '../../../base/random.ts';
import type { DelayAction } from '../../../model/censor-action.ts';
import { drawSpan } from './acting-rule.ts';
import type { Step } from './step.ts';

/** Holds each packet back for a time drawn for it, and never lets one out before an earlier one. */
export class Delayer implements Step {
  readonly #by: DelayAction['by'];
  readonly #random: Random;
  #last = 0;

  constructor({ by }: Pick<DelayAction, 'by'>, random: Random) {
    this.#by = by;
    this.#random = random;
  }

  admit(_length: number, now: number): number {
    const [low, high] = this.#by;
    const wish = now + Math.round(drawSpan(this.#random, low, high) * 1000);
    this.#last = Math.max(this.#last, wish);
    return this.#last;
  }
}
