// What becomes of a packet of a flow: what was decided about the flow goes on, else the rules are tried.
import type { CensorReassembly } from '../../model/censor.ts';
import type { Disposition, Effects } from '../../model/middlebox.ts';
import type { PacketView } from '../../wire/packet.ts';
import { noteOpening } from '../intercept/opening.ts';
import { Holder } from './act/holder.ts';
import type { Performer } from './act/performer.ts';
import type { CensorParts } from './censor-parts.ts';
import type { Follower } from './follower.ts';
import type { Message } from './inspect/message.ts';
import { readWords } from './inspect/read-words.ts';
import type { Chance } from './match/chance.ts';
import { remainingRules } from './match/remaining-rules.ts';
import type { CompiledRule } from './match/rule.ts';
import type { RulesInForce } from './match/rules-in-force.ts';
import type { Occasion } from './occasion.ts';
import type { ProgramDesk } from './program/program-desk.ts';
import type { Reporter } from './reporter.ts';
import { stopInspection } from './state/begin-flow.ts';
import { isOpening } from './state/connection.ts';
import { type Flow, RULE_DRAWN, RULE_OVER, isIdle, settle } from './state/flow.ts';
import type { FollowPolicy } from './state/follow-policy.ts';
import { advance, followSequences } from './state/follow-sequences.ts';
import { refuseWords, repeatsRefused } from './state/refused-words.ts';
import type { ResidualTable } from './state/residual.ts';
import type { Tally } from './tally.ts';

export class Decider {
  /** Where the program of the experimenter is asked; null when there is none. */
  desk: ProgramDesk | null = null;
  readonly #view: PacketView;
  readonly #position: 'in-path' | 'on-path';
  readonly #rules: RulesInForce;
  readonly #follower: Follower;
  readonly #policy: FollowPolicy;
  readonly #chance: Chance;
  readonly #residuals: ResidualTable;
  readonly #performer: Performer;
  readonly #reporter: Reporter;
  readonly #tally: Tally;
  readonly #reassembly: CensorReassembly;
  /** Null where nobody takes connections over. */
  readonly #holder: Holder | null;
  readonly #messages: Message[] = [];

  constructor({ spec, ...parts }: CensorParts, follower: Follower, performer: Performer) {
    this.#view = parts.view;
    this.#position = parts.position;
    this.#rules = parts.rules;
    this.#follower = follower;
    this.#policy = parts.policy;
    this.#chance = parts.chance;
    this.#residuals = parts.residuals;
    this.#performer = performer;
    this.#reporter = parts.reporter;
    this.#tally = parts.tally;
    this.#reassembly = spec.reassembly;
    this.#holder = parts.interceptor === null ? null : new Holder(spec.reassembly);
  }

  judge(occasion: Occasion): Disposition {
    const { flow, view, isForward, now, effects } = occasion;
    if (view.isTcp && !isOpening(view)) followSequences(flow, view, isForward);
    if (this.#intercepts) flow.opening = noteOpening(flow.opening, view, isForward);
    const decided = this.#decide(occasion);
    if (decided === 'pass' || this.#position === 'on-path') advance(flow, view, isForward);
    if (decided !== 'pass') return decided;
    const passed = this.desk?.pass(occasion) ?? 'pass';
    return passed === 'pass' ? this.carry(flow, isForward, now, effects) : passed;
  }

  /** A packet that passes meets what was decided about those that do. */
  carry({ treatment }: Flow, isForward: boolean, now: number, effects: Effects): Disposition {
    return treatment === null ? 'pass' : treatment.carry(this.#view, isForward, now, effects);
  }

  /** Whether connections may be taken over. */
  get #intercepts(): boolean {
    return this.#holder !== null && this.#rules.book.takesOver;
  }

  #decide(occasion: Occasion): Disposition {
    const { flow, view, isForward, now } = occasion;
    if (flow.residualEpoch !== this.#follower.epoch) this.#lookForBlock(occasion);
    if (flow.standing !== null) return this.#performer.continueStanding(flow.standing, occasion);
    if (flow.residual !== null && now > flow.residual.until) {
      flow.residual = this.#residuals.successor(flow.residual, flow, now);
      if (isIdle(flow)) settle(flow);
    }
    // Before a block begins, what a flow says is heard as ever.
    if (flow.residual !== null && now >= flow.residual.from)
      return this.#performer.applyResidual(flow.residual, occasion);
    if (this.#policy.isTooEarly(flow, view)) return 'pass';
    if (isForward && repeatsRefused(flow, view)) return 'drop';
    return this.#applyRules(occasion);
  }

  /** A flow of which nothing was decided may have come under a residual block since. */
  #lookForBlock({ flow, view, now, effects }: Occasion): void {
    flow.residualEpoch = this.#follower.epoch;
    if (flow.residual !== null || flow.standing !== null) return;
    flow.residual = this.#residuals.find(flow, true, now);
    if (flow.residual === null) return;
    this.#reporter.reportResidual(flow.residual, view, effects);
    flow.settled = false;
  }

  /** Tries the rules in their order. The first that matches decides, but for those that leave the others their turn, as throttles do. */
  #applyRules(occasion: Occasion): Disposition {
    const { flow, view, isForward, now } = occasion;
    const messages = this.#messages;
    // Other rules than those by which it waits, and none that takes over.
    if (flow.held !== null && !flow.forwardRules.takesOver) this.#holder?.release(occasion);
    if (messages.length > 0) messages.length = 0;
    flow.progress?.count(view, isForward);
    if (isForward && !readWords(flow, view, this.#reassembly, messages))
      this.#tally.overflowedStreams += 1;
    const { matcher } = this.#rules;
    const rules = isForward ? flow.forwardRules : flow.reverseRules;
    matcher.begin(flow, rules, isForward, messages, now);
    for (let rule = matcher.next(flow); rule !== null; rule = matcher.next(flow)) {
      if (!this.#isChosen(flow, rule, isForward)) continue;
      if (rule.isProgram && this.desk !== null) {
        this.#holder?.release(occasion);
        return this.desk.ask(occasion, messages.at(-1) ?? null);
      }
      if (!takesOver(rule)) this.#holder?.release(occasion);
      const detail = matcher.detailOf(rule);
      const decided = this.#performer.perform(rule, matcher.message, detail, occasion);
      if (decided === 'drop' && matcher.message !== null) refuseWords(flow, view);
      if (decided !== null) return decided;
    }
    if (isForward && this.#intercepts && this.#holder?.holds(occasion, messages.length > 0))
      return 'taken';
    if (flow.rulesChanged || flow.progress !== null) this.#prune(flow, now);
    return 'pass';
  }

  #isChosen(flow: Flow, rule: CompiledRule, isForward: boolean): boolean {
    if (rule.probability >= 1 || flow.hasMark(rule, RULE_DRAWN)) return true;
    const isChosen = this.#chance.draw(rule, this.#view, isForward);
    flow.mark(rule, isChosen ? RULE_DRAWN : RULE_OVER);
    if (!isChosen) flow.rulesChanged = true;
    return isChosen;
  }

  /** Forgets rules that cannot match this flow any more; without any it is settled. */
  #prune(flow: Flow, now: number): void {
    const isRead = flow.awaitsWords || flow.stream !== null || flow.datagrams !== null;
    flow.rulesChanged = false;
    flow.forwardRules = remainingRules(flow, this.#rules.book, true, isRead, now);
    flow.reverseRules = remainingRules(flow, this.#rules.book, false, isRead, now);
    if (isRead && flow.forwardRules.layers.size === 0) stopInspection(flow);
    if (isIdle(flow)) settle(flow);
  }
}

const takesOver = ({ actions }: CompiledRule): boolean =>
  actions.some(({ kind }) => kind === 'mitm');
