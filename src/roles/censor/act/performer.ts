// What rules do once they match: their actions in order, what stands of them for the rest of the flow, and the residual block that they
// leave. What each action does is in actor.ts and the files beside it.
import type { CensorAction } from '../../../model/censor-action.ts';
import type { Disposition } from '../../../model/middlebox.ts';
import type { TakesOver } from '../../intercept/interceptor.ts';
import type { Message } from '../inspect/message.ts';
import { readDnsQuery } from '../inspect/dns-query.ts';
import type { Occasion } from '../occasion.ts';
import type { Reporter } from '../reporter.ts';
import { RULE_REPORTED } from '../state/flow.ts';
import type { ResidualEntry, ResidualTable } from '../state/residual.ts';
import { type ActingRule, drawSpan } from './acting-rule.ts';
import { Actor } from './actor.ts';
import type { Firing } from './firing.ts';
import { Numbers } from './number-source.ts';
import type { RedirectTable } from './redirect-table.ts';
import { type Standing, type StandingPart, isSpent } from './standing.ts';

export interface PerformerParts {
  readonly residuals: ResidualTable;
  readonly redirects: RedirectTable;
  readonly reporter: Reporter;
  readonly position: 'in-path' | 'on-path';
  readonly censor: string;
  readonly interceptor: TakesOver | null;
}

export class Performer {
  readonly #residuals: ResidualTable;
  readonly #reporter: Reporter;
  readonly #isInPath: boolean;
  readonly #actor: Actor;
  readonly #numbers = new Numbers();

  constructor({ residuals, redirects, reporter, position, ...parts }: PerformerParts) {
    this.#residuals = residuals;
    this.#reporter = reporter;
    this.#isInPath = position === 'in-path';
    this.#actor = new Actor(redirects, parts.censor, parts.interceptor);
  }

  /** Acts on a rule that matched. Null lets later rules have their turn. `message` is null for rules over packets alone. */
  perform(
    rule: ActingRule,
    message: Message | null,
    detail: string,
    occasion: Occasion,
  ): Disposition | null {
    const { low, high } = rule.engageAfter;
    const at = occasion.now + Math.round(drawSpan(rule.random, low, high) * 1000);
    const firing = this.#firing(rule, occasion, message, at);
    this.#note(firing, message === null ? null : detail);
    const parts: StandingPart[] = [];
    let decided: Disposition | null = null;
    for (const action of rule.actions)
      if (this.#canDo(action)) decided = stronger(decided, this.#actor.act(action, firing, parts));
    if (parts.length > 0) occasion.flow.standing = { rule, from: at, parts };
    if (decided === 'drop' || decided === 'taken') occasion.flow.treatment?.forgetOnce();
    return decided;
  }

  /** What was decided about the flow before goes on. */
  continueStanding({ rule, from, parts }: Standing, occasion: Occasion): Disposition {
    if (occasion.now < from) return 'pass';
    const firing = this.#firing(rule, occasion, null, occasion.now);
    let decided: Disposition = 'pass';
    for (const part of parts) decided = stronger(decided, this.#actor.goOn(part, firing));
    if (parts.every(isSpent)) occasion.flow.standing = null;
    return decided;
  }

  /** What a residual block does to a packet that falls under it. */
  applyResidual(entry: ResidualEntry, occasion: Occasion): Disposition {
    const { flow, view, isForward, now } = occasion;
    if (entry.refresh) entry.until = now + entry.duration;
    const { rule } = entry;
    const query = isForward && view.isUdp ? readDnsQuery(view.payload) : null;
    const message: Message | null = query === null ? null : { layer: 'dns', query };
    const firing = this.#firing(rule, occasion, message, now);
    if (flow.block?.entry !== entry) flow.block = this.#actor.enter(entry, firing);
    const parts: StandingPart[] = [];
    let decided: Disposition = 'pass';
    for (const action of entry.actions)
      if (this.#canDo(action))
        decided = stronger(decided, this.#actor.actUnder(flow.block, action, firing, parts));
    if (parts.length > 0) flow.standing = { rule, from: now, parts };
    if (decided !== 'pass') flow.treatment?.forgetOnce();
    return decided;
  }

  /** Reports a decision and lays its residual block: once a flow for rules over packets, for each message otherwise. */
  #note({ rule, occasion, at }: Firing, detail: string | null): void {
    const { flow, view, effects } = occasion;
    if (detail === null && flow.hasMark(rule, RULE_REPORTED)) return;
    flow.mark(rule, RULE_REPORTED);
    const [first, ...others] = rule.actions.map(({ kind }) => kind);
    const words = detail ?? rule.words;
    this.#reporter.reportDecision(rule, words, first ?? 'allow', view, effects);
    for (const kind of new Set(others))
      if (kind !== first) this.#reporter.reportAction(rule, words, kind, view, effects);
    if (rule.residual !== null) this.#residuals.add(rule.residual, rule, flow, at);
  }

  #firing(rule: ActingRule, occasion: Occasion, message: Message | null, at: number): Firing {
    const canHold = this.#isInPath && at === occasion.now;
    return { rule, occasion, message, at, canHold, numbers: this.#numbers };
  }

  /** Who sees copies can only add to what is said, or let it be. */
  #canDo(action: CensorAction): boolean {
    if (this.#isInPath) return true;
    if (action.kind === 'reset') return action.mode === 'inject';
    return action.kind === 'allow' || action.kind === 'dns' || action.kind === 'blockpage';
  }
}

const STRENGTH = { pass: 0, taken: 1, drop: 2 } as const;

/** What becomes of a packet about which two actions decided. */
const stronger = <T extends Disposition | null>(
  left: T,
  right: Disposition | null,
): T | Disposition =>
  right === null || (left !== null && STRENGTH[left] >= STRENGTH[right]) ? left : right;
