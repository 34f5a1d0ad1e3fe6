import { seededRandom } from '../../../base/random.ts';
import type { FuzzSpec, HookPoint, Mutation } from '../../../model/relay.ts';

/** What is to be done again to such a message. */
export const mutationOf = (
  { only }: FuzzSpec,
  hook: HookPoint,
  type: string,
  nth: number,
): Mutation | undefined =>
  only.find((one) => one.at === hook && one.type === type && one.nth === nth);

/** Picks messages to be mutated, by the seed, until there have been enough. */
export class Fuzzing {
  /** Messages picked. */
  count = 0;
  /** What messages are answered that were not mutated, with their types. */
  readonly usual: Set<string> = new Set<string>();
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

  /** Microseconds that a receiver has to answer. */
  get patience(): number {
    return this.#spec.answerTimeout * 1000;
  }

  /** Whether this message is one. `message`: of its session and direction, counted from 1; `nth`: of its type and place. */
  picks(hook: HookPoint, type: string, session: number, message: number, nth: number): boolean {
    if (!this.isAt(hook)) return false;
    const isMeant =
      this.#spec.only.length > 0
        ? mutationOf(this.#spec, hook, type, nth) !== undefined
        : this.#draws(type, `pick ${session} ${hook} ${message}`);
    if (isMeant) this.count += 1;
    return isMeant;
  }

  #draws(type: string, name: string): boolean {
    if (this.#types.size > 0 && !this.#types.has(type)) return false;
    const { rate } = this.#spec;
    return rate >= 1 || seededRandom(this.#seed, name).next() < rate;
  }
}
