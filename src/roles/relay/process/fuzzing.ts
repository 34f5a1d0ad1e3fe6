import { seededRandom } from '../../../base/random.ts';
import type { FuzzSpec, HookPoint } from '../../../model/relay.ts';

/** Picks messages to be mutated, by the seed, until there have been enough. */
export class Fuzzing {
  /** Messages picked. */
  count = 0;
  readonly #spec: FuzzSpec;
  readonly #seed: number;
  readonly #hooks: ReadonlySet<HookPoint>;
  readonly #types: ReadonlySet<string>;

  constructor(spec: FuzzSpec, seed: number) {
    this.#spec = spec;
    this.#seed = seed;
    this.#hooks = new Set(spec.at);
    this.#types = new Set(spec.messages);
  }

  isAt(hook: HookPoint): boolean {
    return this.#hooks.has(hook) && (this.#spec.count === 0 || this.count < this.#spec.count);
  }

  /** Whether this message is one. `message`: of its session and direction, counted from 1. */
  picks(hook: HookPoint, type: string, session: number, message: number): boolean {
    if (!this.isAt(hook) || (this.#types.size > 0 && !this.#types.has(type))) return false;
    const { rate } = this.#spec;
    const name = `pick ${session} ${hook} ${message}`;
    if (rate < 1 && seededRandom(this.#seed, name).next() >= rate) return false;
    this.count += 1;
    return true;
  }
}
