// Which rules apply to one direction of a flow, without asking each: rules with the same head are one group, and groups are found by the
// prefixes and ports that they name.
import type { NumberRange } from '../../../model/censor-match.ts';
import type { Look } from './look.ts';
import { PortIndex } from './port-index.ts';
import type { CompiledRule } from './rule.ts';
import { NO_RULES, RuleSet, type SetBudget } from './rule-set.ts';

/** Combinations of groups that are remembered; flows of more than these do not share their sets any more. */
const MAX_COMBINATIONS = 16_384;

type Group = readonly [CompiledRule, ...CompiledRule[]];

/** Combinations that begin alike share their beginning. */
interface Combination {
  rules: RuleSet | null;
  readonly next: Map<number, Combination>;
}

export class HeadIndex {
  readonly #groups: readonly Group[];
  readonly #byPrefix = new Map<number, number[]>();
  readonly #ports: PortIndex;
  readonly #others: readonly number[];
  readonly #budget: SetBudget;
  readonly #found: number[] = [];
  readonly #stamps: Int32Array;
  #stamp = 0;
  #root: Combination = { rules: NO_RULES, next: new Map() };
  #combinations = 0;

  constructor(rules: readonly CompiledRule[], budget: SetBudget) {
    this.#budget = budget;
    this.#groups = groupByHead(rules);
    this.#stamps = new Int32Array(this.#groups.length);
    const ranges: { low: number; high: number; id: number }[] = [];
    const others: number[] = [];
    for (const [id, [{ head }]] of this.#groups.entries()) {
      if (head.prefixSet !== null) this.#addPrefix(head.prefixSet, id);
      else if (head.ports !== null) ranges.push(...head.ports.map((range) => endsOf(range, id)));
      else others.push(id);
    }
    this.#ports = new PortIndex(ranges);
    this.#others = others;
  }

  /** The rules that apply to the direction that the look has turned to. */
  find(look: Look): RuleSet {
    if (this.#groups.length === 0) return NO_RULES;
    if (this.#found.length > 0) this.#found.length = 0;
    this.#stamp = (this.#stamp + 1) | 0;
    this.#tryAll(this.#others, look);
    if (this.#byPrefix.size > 0) {
      this.#tryPrefixes(look.sourceSets, look);
      this.#tryPrefixes(look.destinationSets, look);
    }
    this.#tryAll(this.#ports.find(look.head.sourcePort), look);
    this.#tryAll(this.#ports.find(look.head.destinationPort), look);
    if (this.#found.length > 1) this.#found.sort((left, right) => left - right);
    return this.#combine(this.#found);
  }

  #addPrefix(set: number, group: number): void {
    const others = this.#byPrefix.get(set);
    if (others === undefined) this.#byPrefix.set(set, [group]);
    else others.push(group);
  }

  #tryPrefixes({ ids, count }: Look['sourceSets'], look: Look): void {
    for (let at = 0; at < count; at += 1) {
      const groups = this.#byPrefix.get(ids[at] ?? -1);
      if (groups !== undefined) this.#tryAll(groups, look);
    }
  }

  #tryAll(groups: readonly number[], look: Look): void {
    for (const id of groups) {
      if (this.#stamps[id] === this.#stamp) continue;
      this.#stamps[id] = this.#stamp;
      if (this.#groups[id]?.[0].head.holds(look) === true) this.#found.push(id);
    }
  }

  #combine(groups: readonly number[]): RuleSet {
    let here = this.#root;
    for (const id of groups) here = here.next.get(id) ?? this.#lengthen(here, id);
    return (here.rules ??= new RuleSet(this.#rulesOf(groups), this.#budget));
  }

  #lengthen(combination: Combination, id: number): Combination {
    if (this.#combinations >= MAX_COMBINATIONS) {
      this.#root = { rules: NO_RULES, next: new Map() };
      this.#combinations = 0;
    }
    this.#combinations += 1;
    const longer: Combination = { rules: null, next: new Map() };
    combination.next.set(id, longer);
    return longer;
  }

  #rulesOf(groups: readonly number[]): readonly CompiledRule[] {
    return groups
      .flatMap((id) => [...(this.#groups[id] ?? [])])
      .toSorted((left, right) => left.index - right.index);
  }
}

function groupByHead(rules: readonly CompiledRule[]): readonly Group[] {
  const groups = new Map<string, [CompiledRule, ...CompiledRule[]]>();
  for (const rule of rules) {
    const group = groups.get(rule.head.key);
    if (group === undefined) groups.set(rule.head.key, [rule]);
    else group.push(rule);
  }
  return [...groups.values()];
}

const endsOf = (
  [low, high]: NumberRange,
  id: number,
): { low: number; high: number; id: number } => ({
  low: low ?? 0,
  high: high ?? 65_535,
  id,
});
