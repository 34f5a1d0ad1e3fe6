import type { Random } from '../../../base/random.ts';
import type { CensorAction } from '../../../model/censor-action.ts';
import type { Residual, Span } from '../../../model/censor.ts';

/** What of a compiled rule acting needs to know, once it has matched. */
export interface ActingRule {
  readonly index: number;
  readonly name: string;
  readonly actions: readonly CensorAction[];
  readonly residual: Residual | null;
  readonly engageAfter: Span;
  /** Draws for this rule. */
  readonly random: Random;
  /** The conditions, in words. */
  readonly words: string;
}

/** A number of a span, both ends included. */
export const drawSpan = (random: Random, low: number, high: number): number =>
  low === high ? low : low + random.next() * (high - low);

/** A whole number of a span, both ends included. */
export const drawWhole = (random: Random, low: number, high: number): number =>
  low === high ? low : low + random.below(high - low + 1);
