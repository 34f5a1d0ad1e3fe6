// Which rules a message meets. What needs order is decided here, in the order in which messages come: the how manieth it is, chance, state.
import { seededRandom } from '../../../base/random.ts';
import type { CompiledRule } from './compiled-rule.ts';
import type { Asked } from './field-test.ts';

/** A message at a hook. */
export interface Occasion extends Asked {
  readonly session: number;
  readonly state: string;
  /** Of its session and direction, counted from 1. */
  readonly message: number;
}

const NONE: readonly CompiledRule[] = [];

/** Of one session: what it has counted so far. */
export class Judge {
  readonly #seed: number;
  /** Messages that matched rules with `nth`. */
  #counts: Map<CompiledRule, number> | null = null;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Those of `rules` that the message meets. All see the state that the session had when it came. */
  met(rules: readonly CompiledRule[], occasion: Occasion): readonly CompiledRule[] {
    let met: CompiledRule[] | null = null;
    for (const rule of rules) if (this.#isMet(rule, occasion)) (met ??= []).push(rule);
    return met ?? NONE;
  }

  #isMet(compiled: CompiledRule, occasion: Occasion): boolean {
    const { rule, tests, nth } = compiled;
    const { sessions, state, probability } = rule.match;
    if (sessions.length > 0 && !sessions.includes(occasion.session)) return false;
    if (state !== null && state !== occasion.state) return false;
    for (const isSo of tests) if (!isSo(occasion)) return false;
    if (nth !== null && !nth(this.#count(compiled))) return false;
    if (probability >= 1) return true;
    const name = `chance ${rule.name} ${occasion.session} ${occasion.message}`;
    return seededRandom(this.#seed, name).next() < probability;
  }

  #count(rule: CompiledRule): number {
    this.#counts ??= new Map();
    const count = (this.#counts.get(rule) ?? 0) + 1;
    this.#counts.set(rule, count);
    return count;
  }
}
