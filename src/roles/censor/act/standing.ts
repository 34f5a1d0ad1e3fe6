import type { DropAction, ResetAction } from '../../../model/censor-action.ts';
import type { TakeOver } from '../../intercept/take-over.ts';
import type { ActingRule } from './acting-rule.ts';
import type { Allowance } from './allowance.ts';
import type { LateReset } from './late-reset.ts';
import type { StandIn } from './stand-in.ts';

/** What one action has decided about a flow for as long as it lives. */
export type StandingPart =
  /** `late`: what is to be made good for; null where the first reset left at once. */
  | { readonly kind: 'reset'; readonly action: ResetAction; readonly late: LateReset | null }
  | { readonly kind: 'rewrite'; readonly action: ResetAction }
  | { readonly kind: 'drop'; readonly action: DropAction; readonly allowance: Allowance }
  | { readonly kind: 'stand-in'; readonly standIn: StandIn }
  | { readonly kind: 'mitm'; readonly takeOver: TakeOver };

/** What a rule has decided about a flow: no other rule is tried. Its parts hold together, in the order of the actions. */
export interface Standing {
  readonly rule: ActingRule;
  /** Microseconds since the epoch; packets before pass. */
  readonly from: number;
  readonly parts: readonly StandingPart[];
}

/** Whether the two ends of a flow speak to the censor: it stays theirs however they end it. */
export const isIntercepted = (standing: Standing | null): boolean =>
  standing?.parts.some((part) => part.kind === 'mitm' && part.takeOver.isInForce) === true;

/** Whether a part has nothing left to do. */
export const isSpent = (part: StandingPart): boolean =>
  part.kind === 'reset' && !part.action.repeat && part.late?.isOver !== false;
