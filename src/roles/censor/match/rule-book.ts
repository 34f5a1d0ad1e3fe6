import type { ModelEvaluator } from '../../../model/censor-evaluator.ts';
import { programRule } from '../program/program-rule.ts';
import type { CensorSpec } from '../../../model/censor.ts';
import type { PacketView } from '../../../wire/packet.ts';
import { HeadIndex } from './head-index.ts';
import { Look, type PacketHead } from './look.ts';
import { type CompiledRule, compileRule } from './rule.ts';
import { NO_RULES, type RuleSet, type SetBudget } from './rule-set.ts';
import { Terms } from './terms.ts';

/** Sets that taking rules out of others may make. */
const MAX_DERIVED = 4096;

/** The rules of a censor, indexed: what a packet costs does not grow with their number. */
export class RuleBook {
  readonly rules: readonly CompiledRule[];
  /** What the rules are asked about; whoever asks turns it. */
  readonly look: Look;
  /** Whether some rule takes connections over. */
  readonly takesOver: boolean;
  readonly #forward: HeadIndex;
  readonly #reverse: HeadIndex;
  readonly #asksReverse: boolean;
  readonly #byName: ReadonlyMap<number, readonly CompiledRule[]>;

  /** `view`: where the censor loads its packets. */
  constructor(spec: CensorSpec, seed: number, view: PacketView, evaluator: ModelEvaluator | null) {
    const terms = new Terms(spec.lists, spec.inside, seed, evaluator);
    const written = spec.rules.map((rule, index) => compileRule(rule, index, seed, terms));
    this.rules =
      spec.program === undefined
        ? written
        : // Its turn comes after every rule.
          [...written, compileRule(programRule(spec.program), written.length, seed, terms, true)];
    this.look = new Look(view, terms.prefixTexts, terms.nameTexts);
    this.takesOver = this.rules.some(takesOver);
    const budget: SetBudget = { left: MAX_DERIVED };
    // Rules over messages are the client's alone: only its words are read.
    const bare = this.rules.filter(({ asksBare }) => asksBare);
    this.#forward = new HeadIndex(this.rules, budget);
    this.#reverse = new HeadIndex(bare, budget);
    this.#asksReverse = bare.length > 0;
    this.#byName = groupByName(this.rules);
  }

  /** The rules for packets of a flow from client to server, whose head is given. */
  forwardRules(head: PacketHead): RuleSet {
    this.look.turnTo(head, true);
    return this.#forward.find(this.look);
  }

  /** The rules for packets from server to client. */
  reverseRules(head: PacketHead): RuleSet {
    if (!this.#asksReverse) return NO_RULES;
    this.look.turnTo(head, false);
    return this.#reverse.find(this.look);
  }

  /** The rules that match only messages whose name is in the set. */
  rulesNaming(nameSet: number): readonly CompiledRule[] {
    return this.#byName.get(nameSet) ?? NONE;
  }
}

const takesOver = ({ actions, residual }: CompiledRule): boolean =>
  [...actions, ...(residual?.actions ?? [])].some(({ kind }) => kind === 'mitm');

const NONE: readonly CompiledRule[] = [];

function groupByName(rules: readonly CompiledRule[]): ReadonlyMap<number, readonly CompiledRule[]> {
  const groups = new Map<number, CompiledRule[]>();
  for (const rule of rules) {
    if (rule.nameSet === null) continue;
    const group = groups.get(rule.nameSet);
    if (group === undefined) groups.set(rule.nameSet, [rule]);
    else group.push(rule);
  }
  return groups;
}
