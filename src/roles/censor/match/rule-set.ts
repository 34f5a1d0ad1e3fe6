import type { Layer } from '../inspect/message.ts';
import type { CompiledRule } from './rule.ts';
import type { RuleLimit } from './rule-limit.ts';

/** How many sets may still be made of others by taking rules out; past it rules stay in, marked as over, and the flow is not settled for it. */
export interface SetBudget {
  left: number;
}

/** The rules that can still match in one direction of a flow, in their order. Shared by all flows for which they are the same. */
export class RuleSet {
  readonly rules: readonly CompiledRule[];
  /** Those that are asked about packets by themselves. */
  readonly bare: readonly CompiledRule[];
  /** The messages that some rule looks at. */
  readonly layers: ReadonlySet<Layer>;
  /** The ends that rules have, each once. */
  readonly limits: readonly RuleLimit[];
  /** Whether some rule takes connections over. */
  readonly takesOver: boolean;
  /** Whether some rule asks how far the flow is. */
  readonly asksProgress: boolean;
  /** Whether some rule may be found by the name that a message says. */
  readonly hasNames: boolean;
  readonly #budget: SetBudget;
  readonly #scanned = new Map<Layer, readonly CompiledRule[]>();
  readonly #derived = new Map<unknown, RuleSet>();
  #members: Uint8Array | null = null;

  constructor(rules: readonly CompiledRule[], budget: SetBudget) {
    this.rules = rules;
    this.#budget = budget;
    this.bare = rules.filter(({ asksBare }) => asksBare);
    this.layers = new Set(rules.flatMap(({ layers }) => [...layers]));
    const limits = rules.flatMap(({ limit }) => (limit === null ? [] : [limit]));
    this.limits = [...new Map(limits.map((limit) => [limit.key, limit])).values()];
    this.takesOver = rules.some(({ actions }) => actions.some(({ kind }) => kind === 'mitm'));
    this.asksProgress = rules.some((rule) => rule.asksProgress);
    this.hasNames = rules.some(({ nameSet }) => nameSet !== null);
    for (const layer of this.layers)
      this.#scanned.set(
        layer,
        rules.filter((rule) => rule.nameSet === null && rule.layers.has(layer)),
      );
  }

  get length(): number {
    return this.rules.length;
  }

  /** The rules that are asked about every message of `layer`, whatever name it says. */
  scanned(layer: Layer): readonly CompiledRule[] {
    return this.#scanned.get(layer) ?? NONE;
  }

  includes(rule: CompiledRule): boolean {
    this.#members ??= membersOf(this.rules);
    return this.#members[rule.index] === 1;
  }

  /** What is left when one rule can match no more. */
  without(rule: CompiledRule): RuleSet {
    if (!this.includes(rule)) return this;
    return this.#derive(rule, (other) => other !== rule);
  }

  /** What is left past an end that rules have. */
  past(limit: RuleLimit): RuleSet {
    return this.#derive(limit.key, (rule) => rule.limit?.key !== limit.key);
  }

  /** What is left when no message will be read any more. */
  unread(): RuleSet {
    if (this.bare.length === this.rules.length) return this;
    return this.#derive(RuleSet, ({ asksBare }) => asksBare);
  }

  #derive(key: unknown, isLeft: (rule: CompiledRule) => boolean): RuleSet {
    const known = this.#derived.get(key);
    if (known !== undefined) return known;
    if (this.#budget.left <= 0) return this;
    this.#budget.left -= 1;
    const rules = this.rules.filter(isLeft);
    const set = rules.length === 0 ? NO_RULES : new RuleSet(rules, this.#budget);
    this.#derived.set(key, set);
    return set;
  }
}

const NONE: readonly CompiledRule[] = [];

export const NO_RULES: RuleSet = new RuleSet([], { left: 0 });

function membersOf(rules: readonly CompiledRule[]): Uint8Array {
  const members = new Uint8Array((rules[rules.length - 1]?.index ?? -1) + 1);
  for (const { index } of rules) members[index] = 1;
  return members;
}
