import type { ModelEvaluator } from '../../../model/censor-evaluator.ts';
import type { CensorSpec } from '../../../model/censor.ts';
import type { PacketView } from '../../../wire/packet.ts';
import { Matcher } from './matcher.ts';
import type { CompiledRule } from './rule.ts';
import { RuleBook } from './rule-book.ts';

/** The rules that hold now, and how often that has changed. */
export class RulesInForce {
  book: RuleBook;
  matcher: Matcher;
  /** Of the rules that the scenario writes. */
  names: ReadonlySet<string>;
  /** How often the rules were changed or the censor switched on again: flows that saw fewer choose their rules anew. */
  generation = 0;
  /** The generation that began when it was last switched on: flows that saw an earlier one have gone on unseen. */
  blindUntil = 0;
  readonly #seed: number;
  readonly #view: PacketView;
  readonly #evaluator: ModelEvaluator | null;

  /** `view`: where the censor loads its packets. */
  constructor(spec: CensorSpec, seed: number, view: PacketView, evaluator: ModelEvaluator | null) {
    this.#seed = seed;
    this.#view = view;
    this.#evaluator = evaluator;
    this.book = new RuleBook(spec, seed, view, evaluator);
    this.matcher = new Matcher(this.book);
    this.names = namesOf(spec);
  }

  /** The rule that asks the program; undefined without one. */
  get program(): CompiledRule | undefined {
    return this.book.rules.find(({ isProgram }) => isProgram);
  }

  replace(spec: CensorSpec): void {
    this.book = new RuleBook(spec, this.#seed, this.#view, this.#evaluator);
    this.matcher = new Matcher(this.book);
    this.names = namesOf(spec);
    this.generation += 1;
  }

  /** The censor was switched on or off. */
  turn(): void {
    this.generation += 1;
    this.blindUntil = this.generation;
  }
}

const namesOf = ({ rules }: CensorSpec): ReadonlySet<string> =>
  new Set(rules.map(({ name }) => name));
