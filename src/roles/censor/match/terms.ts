import type { ModelEvaluator } from '../../../model/censor-evaluator.ts';
import type { CensorList } from '../../../model/censor.ts';
import { ListedSets, linesOf, textOf } from './listed.ts';

/** What the conditions of all rules of a censor share. */
export class Terms {
  readonly seed: number;
  /** Null when there is none: conditions over models are then unknown. */
  readonly evaluator: ModelEvaluator | null;
  readonly prefixes: ListedSets = new ListedSets();
  readonly names: ListedSets = new ListedSets();
  /** Of the prefixes that are inside; null when they are not told. */
  readonly insideSet: number | null;
  readonly #lists: readonly CensorList[];

  constructor(
    lists: readonly CensorList[] = [],
    inside: readonly string[] = [],
    seed = 0,
    evaluator: ModelEvaluator | null = null,
  ) {
    this.#lists = lists;
    this.seed = seed;
    this.evaluator = evaluator;
    this.insideSet = inside.length === 0 ? null : this.prefixes.idOf({ values: inside });
  }

  get prefixTexts(): readonly string[] {
    return this.prefixes.sets.map((set) => textOf(set, this.#lists));
  }

  get nameTexts(): readonly string[] {
    return this.names.sets.map((set) => textOf(set, this.#lists));
  }

  /** The values of a condition over text, those of its list too. */
  valuesOf(values: readonly string[], list: number | undefined): readonly string[] {
    return list === undefined ? values : linesOf(textOf({ values, list }, this.#lists));
  }
}
