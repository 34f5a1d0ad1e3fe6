// What each kind of action does to the packet at hand: when its rule matches, for the rest of the flow, and under a residual block.
import type { CensorAction, MitmAction, ResetAction } from '../../../model/censor-action.ts';
import type { Disposition } from '../../../model/middlebox.ts';
import { unreachable } from '../../../base/invariant.ts';
import { PacketView } from '../../../wire/packet.ts';
import { TCP_FLAG } from '../../../wire/tcp.ts';
import type { TakesOver } from '../../intercept/interceptor.ts';
import { TakeOver } from '../../intercept/take-over.ts';
import { RULE_OVER, settle } from '../state/flow.ts';
import type { Block, ResidualEntry } from '../state/residual.ts';
import { Allowance } from './allowance.ts';
import { coversDirection } from './direction.ts';
import { injectDns } from './dns-injection.ts';
import { type Firing, inject, triggerOf } from './firing.ts';
import { LateReset } from './late-reset.ts';
import { showPage } from './page.ts';
import type { RedirectTable } from './redirect-table.ts';
import { reset } from './reset.ts';
import { rewriteToReset } from './rewrite.ts';
import type { StandingPart } from './standing.ts';
import { since } from './term.ts';
import { Treater, isForPacket, isTreating } from './treater.ts';

export class Actor {
  readonly #treater: Treater;
  readonly #rewritten = new PacketView();

  readonly #censor: string;
  readonly #interceptor: TakesOver | null;

  /** Without an interceptor connections are let pass that would be taken over. */
  constructor(redirects: RedirectTable, censor: string, interceptor: TakesOver | null) {
    this.#censor = censor;
    this.#interceptor = interceptor;
    this.#treater = new Treater(redirects);
  }

  /** Does one action of a rule that matched; `parts` gets what stands of it. Null lets later rules have their turn. */
  act(action: CensorAction, firing: Firing, parts: StandingPart[]): Disposition | null {
    const { occasion, message, rule, at, canHold } = firing;
    const { flow, view, isForward, now } = occasion;
    switch (action.kind) {
      case 'allow':
        // One socket may ask many names: of UDP only the query at hand is exempt.
        if (message === null || view.isTcp) settle(flow);
        return 'pass';
      case 'drop': {
        if (action.scope === 'packet' && action.after === null)
          return canHold && coversDirection(action.direction, isForward) ? 'drop' : 'pass';
        const allowance = new Allowance(action, rule.random);
        const part = { kind: 'drop', action, allowance } as const;
        parts.push(part);
        return canHold ? this.goOn(part, firing) : 'pass';
      }
      case 'reset':
        if (action.mode === 'rewrite') {
          if (message !== null || at > now) parts.push({ kind: 'rewrite', action });
          return this.#rewrite(action, firing);
        }
        return this.#reset(action, firing, parts);
      case 'dns':
        return injectDns(action, firing);
      case 'blockpage': {
        const { disposition, standIn } = showPage(action, firing);
        if (standIn !== null) parts.push({ kind: 'stand-in', standIn });
        return disposition;
      }
      case 'throttle':
      case 'delay':
      case 'lose':
      case 'tamper':
      case 'redirect':
        this.#treater.treat(action, firing, since(at));
        if (isForPacket(action)) return null;
        flow.mark(rule, RULE_OVER);
        flow.rulesChanged = true;
        return null;
      case 'mitm':
        return canHold ? this.#intercept(action, firing, parts) : 'pass';
      default:
        return unreachable(action, 'action');
    }
  }

  /** Goes on with what stands. */
  goOn(part: StandingPart, firing: Firing): Disposition {
    const { flow, view, isForward } = firing.occasion;
    switch (part.kind) {
      case 'drop':
        if (!coversDirection(part.action.direction, isForward)) return 'pass';
        return part.allowance.admit(view.payloadLength) ? 'pass' : 'drop';
      case 'reset':
        if (part.late?.isDrawnBy(view, flow) === true) return reset(part.action, firing, false);
        // As seen in the field, each further segment of the client with data draws resets again; bare ACKs and the
        // closing of what is left do not.
        return part.action.repeat && isForward && carriesData(view)
          ? reset(part.action, firing, true)
          : 'pass';
      case 'rewrite':
        return this.#rewrite(part.action, firing);
      case 'stand-in':
        if (isForward)
          for (const packet of part.standIn.answer(triggerOf(firing, true, true)))
            inject(firing, packet, 'client', 0);
        return 'drop';
      case 'mitm':
        return part.takeOver.carry(firing.occasion);
      default:
        return unreachable(part, 'standing decision');
    }
  }

  /** A flow falls under a block: what lasts as long as the block is set up once. */
  enter(entry: ResidualEntry, firing: Firing): Block {
    const allowances = new Map<CensorAction, Allowance>();
    for (const action of entry.actions) {
      if (action.kind === 'drop') allowances.set(action, new Allowance(action, firing.rule.random));
      else if (isTreating(action) && !isForPacket(action))
        this.#treater.treat(action, firing, entry);
    }
    return { entry, allowances };
  }

  /** Does one action of a block to a packet that falls under it. */
  actUnder(
    { allowances }: Block,
    action: CensorAction,
    firing: Firing,
    parts: StandingPart[],
  ): Disposition {
    const { view, now } = firing.occasion;
    switch (action.kind) {
      case 'drop': {
        const allowance = allowances.get(action);
        return allowance === undefined
          ? 'pass'
          : this.goOn({ kind: 'drop', action, allowance }, firing);
      }
      case 'reset': {
        if (action.mode === 'rewrite') return this.#rewrite(action, firing);
        const opens = (view.flags & TCP_FLAG.SYN) !== 0;
        return opens || carriesData(view) ? reset(action, firing, !opens) : 'pass';
      }
      case 'dns':
        return injectDns(action, firing);
      case 'blockpage': {
        if (!carriesData(view)) return 'pass';
        const { disposition, standIn } = showPage(action, firing);
        if (standIn !== null) parts.push({ kind: 'stand-in', standIn });
        return disposition;
      }
      case 'delay':
      case 'lose':
      case 'tamper':
        if (action.scope === 'packet') this.#treater.treat(action, firing, since(now));
        return 'pass';
      case 'mitm':
        return this.#intercept(action, firing, parts);
      case 'allow':
      case 'throttle':
      case 'redirect':
        return 'pass';
      default:
        return unreachable(action, 'action');
    }
  }

  #intercept(action: MitmAction, firing: Firing, parts: StandingPart[]): Disposition {
    const { name: rule, random } = firing.rule;
    const options = { censor: this.#censor, rule, action, random };
    const takeOver = new TakeOver({ interceptor: this.#interceptor, ...options });
    parts.push({ kind: 'mitm', takeOver });
    return takeOver.carry(firing.occasion);
  }

  #reset(action: ResetAction, firing: Firing, parts: StandingPart[]): Disposition {
    const { message, occasion, at } = firing;
    const disposition = reset(action, firing, false);
    const late = at > occasion.now && occasion.view.isTcp ? new LateReset(occasion.flow) : null;
    if (message !== null && (action.repeat || late !== null))
      parts.push({ kind: 'reset', action, late });
    return disposition;
  }

  #rewrite(action: ResetAction, firing: Firing): Disposition {
    const packet = rewriteToReset(action, firing);
    if (packet === null) return 'pass';
    const { flow, isForward, now, effects } = firing.occasion;
    this.#rewritten.load(packet, 0, packet.length);
    const carried = flow.treatment?.carry(this.#rewritten, isForward, now, effects) ?? 'pass';
    if (carried === 'pass') effects.emit(packet, now, 'forwarded');
    return carried === 'drop' ? 'drop' : 'taken';
  }
}

const carriesData = (view: PacketView): boolean =>
  view.payloadLength > 0 && (view.flags & TCP_FLAG.RST) === 0;
