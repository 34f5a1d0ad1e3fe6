import type { Random } from '../../../base/random.ts';
import type { LoseAction } from '../../../model/censor-action.ts';
import { REFUSED, type Step } from './step.ts';

/** Loses a share of packets, each drawn by itself. */
export class Loser implements Step {
  readonly #share: number;
  readonly #random: Random;

  constructor({ share }: Pick<LoseAction, 'share'>, random: Random) {
    this.#share = share;
    this.#random = random;
  }

  admit(_length: number, now: number): number {
    return this.#random.next() < this.#share ? REFUSED : now;
  }
}
