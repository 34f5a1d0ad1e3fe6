import type { Random } from '../../../base/random.ts';
import { seededRandom } from '../../../base/random.ts';

/** Seeded when something is first drawn: most edits draw nothing. */
export class LazyRandom implements Random {
  readonly #seed: number;
  readonly #name: string;
  #random: Random | null = null;

  constructor(seed: number, name: string) {
    this.#seed = seed;
    this.#name = name;
  }

  next(): number {
    return this.#drawn.next();
  }

  below(limit: number): number {
    return this.#drawn.below(limit);
  }

  bytes(size: number): Uint8Array {
    return this.#drawn.bytes(size);
  }

  fork(name: string): Random {
    return this.#drawn.fork(name);
  }

  get #drawn(): Random {
    return (this.#random ??= seededRandom(this.#seed, this.#name));
  }
}
