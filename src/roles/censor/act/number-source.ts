import type { Random } from '../../../base/random.ts';
import type { NumberSource } from '../../../model/censor-action.ts';
import { drawWhole } from './acting-rule.ts';

/** Draws the numbers of forged packets. What goes in turn is remembered by source: over all flows of its rule. */
export class Numbers {
  readonly #turns = new WeakMap<NumberSource, number>();

  /** The next number of a source; `ofTrigger` is that of the packet that triggered it. */
  draw(source: NumberSource, ofTrigger: number, random: Random): number {
    switch (source.from) {
      case 'trigger':
        return ofTrigger;
      case 'fixed':
        return source.value;
      case 'random':
        return drawWhole(random, source.low, source.high);
      case 'cycle':
        return source.values[this.#turn(source) % source.values.length] ?? ofTrigger;
      case 'counter':
        return source.start + this.#turn(source);
    }
  }

  #turn(source: NumberSource): number {
    const turn = this.#turns.get(source) ?? 0;
    this.#turns.set(source, turn + 1);
    return turn;
  }
}
