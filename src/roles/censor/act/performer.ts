// What rules do once they match: the actions, their standing effect on the flow, and the residual block that they leave.
import type {
  ActionDirection,
  CensorAction,
  DnsAction,
  DropAction,
  ResetAction,
  ThrottleAction,
} from '../../../model/censor-action.ts';
import type { Disposition } from '../../../model/middlebox.ts';
import type { PacketView } from '../../../wire/packet.ts';
import { TCP_FLAG } from '../../../wire/tcp.ts';
import { buildUdp } from '../../../wire/build.ts';
import { unreachable } from '../../../base/invariant.ts';
import { AS_TRIGGER } from '../../../model/censor-defaults.ts';
import { fixedNumber } from './number-source.ts';
import type { Occasion } from '../occasion.ts';
import { renderBlockPage } from './block-page.ts';
import { forgeDnsAnswer } from './dns-forgery.ts';
import { readDnsQuery } from '../inspect/dns-query.ts';
import { RULE_OVER, RULE_REPORTED, type Standing, settle } from '../state/flow.ts';
import { type Trigger, forgeReset, segmentEnd } from './forge.ts';
import { Limiter } from './limiter.ts';
import type { Message } from '../inspect/message.ts';
import type { Reporter } from '../reporter.ts';
import type { ResidualEntry, ResidualTable } from '../state/residual.ts';
import type { CompiledRule } from '../match/rule.ts';
import { StandIn } from './stand-in.ts';

export class Performer {
  readonly #residuals: ResidualTable;
  readonly #reporter: Reporter;
  readonly #position: 'in-path' | 'on-path';

  constructor(residuals: ResidualTable, reporter: Reporter, position: 'in-path' | 'on-path') {
    this.#residuals = residuals;
    this.#reporter = reporter;
    this.#position = position;
  }

  /** Acts on a rule that matched. Null lets later rules have their turn. `message` is null for rules over packets alone. */
  perform(
    rule: CompiledRule,
    message: Message | null,
    detail: string,
    occasion: Occasion,
  ): Disposition | null {
    this.#note(rule, message === null ? null : detail, occasion);
    let decided: Disposition | null = null;
    for (const action of rule.actions) {
      const own = this.#act(action, rule, message, occasion);
      if (own !== null && decided !== 'drop') decided = own;
    }
    return decided;
  }

  #act(
    action: CensorAction,
    rule: CompiledRule,
    message: Message | null,
    occasion: Occasion,
  ): Disposition | null {
    const { flow, isForward } = occasion;
    switch (action.kind) {
      case 'allow':
        // One socket may ask many names: of UDP only the query at hand is exempt.
        if (message === null || occasion.view.isTcp) settle(flow);
        return 'pass';
      case 'drop':
        if (action.scope === 'flow') flow.standing = standingDrop(action);
        return coversDirection(action.direction, isForward) ? 'drop' : 'pass';
      case 'reset':
        if (message !== null) flow.standing = { kind: 'reset', action };
        return this.#reset(action, occasion, false);
      case 'dns':
        return this.#answerDns(action, rule, message, occasion);
      case 'blockpage': {
        const page = renderBlockPage(action);
        return this.#standIn(page, action.teardown !== null, action.dropTrigger, occasion);
      }
      case 'throttle':
        this.#throttle(action, occasion);
        flow.mark(rule, RULE_OVER);
        flow.rulesChanged = true;
        return null;
      default:
        return null;
    }
  }

  /** What was decided about the flow before goes on. */
  continueStanding(standing: Standing, occasion: Occasion): Disposition {
    switch (standing.kind) {
      case 'drop':
        return (occasion.isForward ? standing.forward : standing.reverse) ? 'drop' : 'pass';
      case 'reset':
        // As seen in the field, each further segment of the client with data draws resets again; bare ACKs and the
        // closing of what is left do not.
        if (!occasion.isForward || !carriesData(occasion.view)) return 'pass';
        return this.#reset(standing.action, occasion, true);
      case 'stand-in':
        if (occasion.isForward)
          for (const packet of standing.standIn.answer(this.#trigger(occasion, true, true)))
            occasion.effects.emit(packet, occasion.now, 'injected');
        return 'drop';
      default:
        return unreachable(standing, 'standing decision');
    }
  }

  /** What a residual block does to a packet that falls under it. */
  applyResidual(entry: ResidualEntry, occasion: Occasion): Disposition {
    const { flow, view, isForward, now } = occasion;
    const { rule } = entry;
    const [action] = entry.actions;
    if (action === undefined) return 'pass';
    if (entry.refresh) entry.until = now + entry.duration;
    switch (action.kind) {
      case 'allow':
        return 'pass';
      case 'drop':
        return coversDirection(action.direction, isForward) ? 'drop' : 'pass';
      case 'reset': {
        const opens = (view.flags & TCP_FLAG.SYN) !== 0;
        return view.isTcp && (opens || carriesData(view))
          ? this.#reset(action, occasion, !opens)
          : 'pass';
      }
      case 'dns': {
        const query = isForward && view.isUdp ? readDnsQuery(view.payload) : null;
        if (query === null) return 'pass';
        return this.#answerDns(action, rule, { layer: 'dns', query }, occasion);
      }
      case 'blockpage':
        if (!isForward || !view.isTcp || !carriesData(view)) return 'pass';
        return this.#standIn(
          renderBlockPage(action),
          action.teardown !== null,
          action.dropTrigger,
          occasion,
        );
      case 'throttle':
        if (flow.forwardLimiter === null && flow.reverseLimiter === null)
          this.#throttle(action, occasion);
        return 'pass';
      default:
        return 'pass';
    }
  }

  /** Reports a decision and lays its residual block: once a flow for rules over packets, for each message otherwise. */
  #note(rule: CompiledRule, detail: string | null, { flow, view, now, effects }: Occasion): void {
    if (detail === null && flow.hasMark(rule, RULE_REPORTED)) return;
    flow.mark(rule, RULE_REPORTED);
    this.#reporter.reportDecision(
      rule,
      detail ?? rule.words,
      rule.actions[0]?.kind ?? 'allow',
      view,
      effects,
    );
    if (rule.residual !== null) this.#residuals.add(rule.residual, rule, flow, now);
  }

  #reset(action: ResetAction, occasion: Occasion, isRepeated: boolean): Disposition {
    const { view, now, effects } = occasion;
    // A reset is never answered by a reset (RFC 9293 section 3.10.7.1).
    if (!view.isTcp || (view.flags & TCP_FLAG.RST) !== 0) return 'pass';
    const trigger = this.#trigger(occasion, action.dropTrigger, isRepeated);
    for (const side of ['client', 'server'] as const) {
      if (action.sides !== 'both' && action.sides !== side) continue;
      const packet = forgeReset(trigger, side, action);
      if (packet === null) continue;
      for (let copy = 0; copy < action.count; copy += 1) effects.emit(packet, now, 'injected');
    }
    return trigger.isDropped ? 'drop' : 'pass';
  }

  #answerDns(
    action: DnsAction,
    rule: CompiledRule,
    message: Message | null,
    occasion: Occasion,
  ): Disposition {
    if (message?.layer !== 'dns' || !occasion.view.isUdp) return 'pass';
    const { view, now, effects } = occasion;
    const answer = forgeDnsAnswer(action, message.query, rule.random);
    if (answer === null) return 'pass';
    const packet = buildUdp({
      source: view.destination,
      destination: view.source,
      sourcePort: view.destinationPort,
      destinationPort: view.sourcePort,
      ttl: fixedNumber(action.ttl, view.ttl),
      payload: answer,
    });
    effects.emit(packet, now + action.delay[0] * 1000, 'injected');
    return this.#isDropped(action.dropTrigger) ? 'drop' : 'pass';
  }

  /** Answers in the server's place. In-path with the trigger dropped, the server stays out of it from here on. */
  #standIn(
    bytes: Uint8Array,
    resetServer: boolean,
    dropTrigger: boolean,
    occasion: Occasion,
  ): Disposition {
    const { flow, now, effects } = occasion;
    const trigger = this.#trigger(occasion, dropTrigger, false);
    const standIn = new StandIn(bytes, trigger);
    for (const packet of standIn.segments(trigger)) effects.emit(packet, now, 'injected');
    const reset = resetServer
      ? forgeReset(trigger, 'server', { flags: ['RST'], ttl: AS_TRIGGER })
      : null;
    if (reset !== null) effects.emit(reset, now, 'injected');
    if (!trigger.isDropped) return 'pass';
    flow.standing = { kind: 'stand-in', standIn };
    return 'drop';
  }

  #throttle(action: ThrottleAction, { flow, now }: Occasion): void {
    if (coversDirection(action.direction, true)) flow.forwardLimiter ??= new Limiter(action, now);
    if (coversDirection(action.direction, false)) flow.reverseLimiter ??= new Limiter(action, now);
  }

  #isDropped(dropTrigger: boolean): boolean {
    return dropTrigger && this.#position === 'in-path';
  }

  /** A trigger that is let through counts as received before anything is forged: what is forged travels behind it. */
  #trigger(occasion: Occasion, dropTrigger: boolean, isRepeated: boolean): Trigger {
    const { flow, view, isForward } = occasion;
    const isDropped = this.#isDropped(dropTrigger);
    if (!isDropped && view.isTcp)
      (isForward ? flow.forward : flow.reverse).advance(view.sequence, segmentEnd(view));
    return { flow, view, isForward, isDropped, isRepeated };
  }
}

const coversDirection = (direction: ActionDirection, isForward: boolean): boolean =>
  direction === 'both' || (direction === 'forward') === isForward;

const carriesData = (view: PacketView): boolean =>
  view.payloadLength > 0 && (view.flags & TCP_FLAG.RST) === 0;

const standingDrop = ({ direction }: DropAction): Standing => ({
  kind: 'drop',
  forward: coversDirection(direction, true),
  reverse: coversDirection(direction, false),
});
