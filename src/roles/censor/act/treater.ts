import type { CensorAction, ThrottleAction } from '../../../model/censor-action.ts';
import { Delayer } from './delayer.ts';
import { coversDirection } from './direction.ts';
import type { Firing } from './firing.ts';
import { Limiter } from './limiter.ts';
import { Loser } from './loser.ts';
import { redirect } from './redirect.ts';
import type { RedirectTable } from './redirect-table.ts';
import type { Term } from './term.ts';
import { Treatment } from './treatment.ts';

const TREATING = ['throttle', 'delay', 'lose', 'tamper', 'redirect'] as const;

/** What holds back, loses, changes or diverts packets that pass. */
export type TreatingAction = Extract<CensorAction, { kind: (typeof TREATING)[number] }>;

export const isTreating = (action: CensorAction): action is TreatingAction =>
  TREATING.some((kind) => kind === action.kind);

/** Whether an action treats the packet at hand alone. */
export const isForPacket = (action: TreatingAction): boolean =>
  'scope' in action && action.scope === 'packet';

/** Puts treating actions into the way of flows. */
export class Treater {
  readonly #redirects: RedirectTable;
  /** Of throttles that all flows of a rule share, client's packets and server's. */
  readonly #shared = new WeakMap<
    ThrottleAction,
    { readonly forward: Limiter; readonly reverse: Limiter }
  >();

  constructor(redirects: RedirectTable) {
    this.#redirects = redirects;
  }

  /** Treats the flow of the packet at hand during `term`, or the packet alone. */
  treat(action: TreatingAction, firing: Firing, term: Term): void {
    const { flow, isForward, now } = firing.occasion;
    const isPacket = 'scope' in action && action.scope === 'packet';
    if (isPacket && (term.from > now || !coversDirection(action.direction, isForward))) return;
    const treatment = (flow.treatment ??= new Treatment());
    const { random } = firing.rule;
    switch (action.kind) {
      case 'throttle':
        treatment.add(action.direction, term, (forward) => this.#limiter(action, forward, now));
        return;
      case 'delay':
        if (isPacket) treatment.addOnce(isForward, new Delayer(action, random));
        else treatment.add(action.direction, term, () => new Delayer(action, random));
        return;
      case 'lose':
        if (isPacket) treatment.addOnce(isForward, new Loser(action, random));
        else treatment.add(action.direction, term, () => new Loser(action, random));
        return;
      case 'tamper': {
        const { tamper } = treatment;
        if (flow.forward.isKnown) tamper.begin(true, flow.forward.highest);
        if (flow.reverse.isKnown) tamper.begin(false, flow.reverse.highest);
        if (isPacket) tamper.addOnce(action, isForward);
        else tamper.add(action, term);
        return;
      }
      case 'redirect':
        if (term.from <= now)
          treatment.target ??= redirect(action, firing.occasion, this.#redirects);
        return;
    }
  }

  #limiter(action: ThrottleAction, isForward: boolean, now: number): Limiter {
    if (action.per === 'flow') return new Limiter(action, now);
    const shared = this.#shared.get(action) ?? {
      forward: new Limiter(action, now),
      reverse: new Limiter(action, now),
    };
    this.#shared.set(action, shared);
    return isForward ? shared.forward : shared.reverse;
  }
}
