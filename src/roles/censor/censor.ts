// The censor's way of judging one packet: find its flow, see what was decided about it, else look at what it says and try the rules.
import type { Disposition, Effects, Middlebox } from '../../model/middlebox.ts';
import type { CensorStatistics } from '../../model/censor-statistics.ts';
import type { ModelEvaluator } from '../../model/censor-evaluator.ts';
import type { CensorReassembly, CensorSpec } from '../../model/censor.ts';
import { IP_PROTOCOL } from '../../wire/ip-protocol.ts';
import { PacketView } from '../../wire/packet.ts';
import { TCP_FLAG } from '../../wire/tcp.ts';
import { beginFlow, stopInspection } from './state/begin-flow.ts';
import { Chance } from './match/chance.ts';
import { type Flow, RULE_DRAWN, RULE_OVER, isIdle, settle } from './state/flow.ts';
import { FlowTable } from './state/flow-table.ts';
import { segmentEnd } from './act/forge.ts';
import { FragmentTable } from './state/fragment-table.ts';
import { REFUSED } from './act/limiter.ts';
import type { Message } from './inspect/message.ts';
import { Performer } from './act/performer.ts';
import type { Occasion } from './occasion.ts';
import { Reporter } from './reporter.ts';
import { ResidualTable } from './state/residual.ts';
import { Matcher } from './match/matcher.ts';
import { remainingRules } from './match/remaining-rules.ts';
import type { CompiledRule } from './match/rule.ts';
import { RuleBook } from './match/rule-book.ts';
import { Tally } from './tally.ts';

/** Flows known at once. */
const FLOW_CAPACITY = 65_536;
export interface CensorOptions {
  /** On-path sees copies: triggers always arrive. */
  readonly position: 'in-path' | 'on-path';
  /** Computes the models of the spec; null: conditions over models are of no packet. */
  readonly evaluator: ModelEvaluator | null;
}

export class Censor implements Middlebox {
  /**
   * Of the packet judged last: whether no rule, limit, standing decision or residual block can touch its flow while `epoch` stays. A path may
   * then carry the flow past the censor; a SYN begins another flow, and is to be judged.
   */
  settled = false;
  readonly #onError: Disposition;
  readonly #position: 'in-path' | 'on-path';
  readonly #spec: CensorSpec;
  readonly #seed: number;
  readonly #evaluator: ModelEvaluator | null;
  readonly #tally = new Tally();
  #book: RuleBook;
  #matcher: Matcher;
  #isEnabled = true;
  /** How often the rules were changed or the censor switched on again: flows that saw fewer choose their rules anew. */
  #generation = 0;
  readonly #reassembly: CensorReassembly;
  readonly #view = new PacketView();
  readonly #flows: FlowTable;
  readonly #fragments = new FragmentTable();
  readonly #residuals = new ResidualTable();
  readonly #chance: Chance;
  readonly #reporter: Reporter;
  readonly #performer: Performer;
  readonly #messages: Message[] = [];

  constructor(
    name: string,
    spec: CensorSpec,
    seed: number,
    { position, evaluator }: CensorOptions,
  ) {
    this.#onError = spec.onError;
    this.#position = position;
    this.#seed = seed;
    this.#evaluator = evaluator;
    this.#spec = spec;
    this.#book = new RuleBook(spec, seed, this.#view, evaluator);
    this.#matcher = new Matcher(this.#book);
    this.#reassembly = spec.reassembly;
    this.#flows = new FlowTable(FLOW_CAPACITY, seed);
    this.#chance = new Chance(seed);
    this.#reporter = new Reporter(name, this.#tally);
    this.#performer = new Performer(this.#residuals, this.#reporter, position);
  }

  get statistics(): CensorStatistics {
    const { size, evicted } = this.#flows;
    return this.#tally.snapshot(
      this.#book.rules.map(({ name }) => name),
      { known: size, evicted },
    );
  }

  /** Grows when a flow that was settled may be touched again: by a residual block over flows that are there, or by other rules. */
  get epoch(): number {
    return this.#generation + this.#residuals.epoch;
  }

  get enabled(): boolean {
    return this.#isEnabled;
  }

  /** Switched off, a censor lets everything pass unjudged; switched on again, it goes on with what it knows. */
  set enabled(isEnabled: boolean) {
    if (this.#isEnabled === isEnabled) return;
    this.#isEnabled = isEnabled;
    this.#generation += 1;
  }

  /**
   * Other rules from the next packet on. Flows stay known and choose their rules anew; what was decided about them stands, and so do residual
   * blocks of rules whose name is still there.
   */
  reload(spec: Pick<CensorSpec, 'rules'> & Partial<CensorSpec>): void {
    const whole = { ...this.#spec, ...spec };
    this.#book = new RuleBook(whole, this.#seed, this.#view, this.#evaluator);
    this.#matcher = new Matcher(this.#book);
    this.#generation += 1;
  }

  judge(
    memory: Uint8Array,
    start: number,
    end: number,
    now: number,
    effects: Effects,
  ): Disposition {
    const view = this.#view;
    this.settled = !this.#isEnabled;
    this.#tally.packets += 1;
    this.#tally.bytes += end - start;
    if (!this.#isEnabled) {
      this.#tally.unjudged += 1;
      return 'pass';
    }
    if (!view.load(memory, start, end)) return this.#refuse(effects);
    if (view.fragmentOffset > 0) return this.#judgeFragment(now);
    const flow = this.#findFlow(now, effects);
    const isForward = this.#flows.isForward;
    const isDecided = flow.settled && flow.residualEpoch === this.epoch;
    const disposition = isDecided
      ? this.#limit(flow, isForward, now, effects)
      : this.#judgeFlow({ flow, view, isForward, now, effects });
    this.settled = flow.settled && flow.forwardLimiter === null && flow.reverseLimiter === null;
    if (view.isFragment) this.#fragments.remember(view, disposition, now);
    return disposition;
  }

  #refuse(effects: Effects): Disposition {
    this.#tally.unparsable += 1;
    this.#reporter.reportFault(this.#view.fault ?? '', this.#tally.unparsable, effects);
    return this.#onError;
  }

  #judgeFragment(now: number): Disposition {
    const fate = this.#fragments.recall(this.#view, now);
    if (fate === null) this.#tally.orphanFragments += 1;
    // A first fragment that is held back for its rate leaves later ones free: they cannot be read before it arrives.
    return fate === 'drop' ? 'drop' : 'pass';
  }

  #findFlow(now: number, effects: Effects): Flow {
    const view = this.#view;
    const flow = this.#flows.find(view, now);
    if (flow === null) return this.#createFlow(now, effects);
    if ((view.flags & (TCP_FLAG.SYN | TCP_FLAG.ACK)) !== TCP_FLAG.SYN) return flow;
    // The same ports again: a SYN that is not a repetition begins another connection (RFC 9293 section 3.6.1).
    if (this.#flows.isForward && view.sequence === flow.initialSequence) return flow;
    this.#flows.remove(flow);
    return this.#createFlow(now, effects);
  }

  #createFlow(now: number, effects: Effects): Flow {
    const view = this.#view;
    const flow = this.#flows.create(view, now);
    const isForward = this.#flows.isForward;
    this.#tally.flows += 1;
    beginFlow(flow, this.#book, this.#reassembly, view, isForward, now);
    flow.residualEpoch = this.epoch;
    flow.residual = this.#residuals.find(flow, false, now);
    if (flow.residual !== null) this.#reporter.reportResidual(flow.residual, view, effects);
    if (isIdle(flow)) settle(flow);
    return flow;
  }

  #judgeFlow(occasion: Occasion): Disposition {
    const { flow, view, isForward, now, effects } = occasion;
    if (flow.protocol === IP_PROTOCOL.tcp) followSequences(flow, view, isForward);
    const decided = this.#decide(occasion);
    if (decided === 'pass' || this.#position === 'on-path') advance(flow, view, isForward);
    return decided === 'pass' ? this.#limit(flow, isForward, now, effects) : decided;
  }

  #decide(occasion: Occasion): Disposition {
    const { flow, view, now, effects } = occasion;
    if (flow.residualEpoch !== this.epoch) {
      flow.residualEpoch = this.epoch;
      if (flow.residual === null && flow.standing === null) {
        flow.residual = this.#residuals.find(flow, true, now);
        if (flow.residual !== null) {
          this.#reporter.reportResidual(flow.residual, view, effects);
          flow.settled = false;
        }
      }
    }
    if (flow.standing !== null) return this.#performer.continueStanding(flow.standing, occasion);
    if (flow.residual !== null && now > flow.residual.until) {
      flow.residual = null;
      if (isIdle(flow)) settle(flow);
    }
    if (flow.residual !== null) return this.#performer.applyResidual(flow.residual, occasion);
    return this.#applyRules(occasion);
  }

  /** Tries the rules in their order. The first that matches decides, but for those that leave the others their turn, as throttles do. */
  #applyRules(occasion: Occasion): Disposition {
    const { flow, view, isForward, now } = occasion;
    this.#messages.length = 0;
    flow.progress?.count(view, isForward);
    if (isForward) this.#inspect(flow);
    const matcher = this.#matcher;
    const rules = isForward ? flow.forwardRules : flow.reverseRules;
    matcher.begin(flow, rules, isForward, this.#messages, now);
    for (let rule = matcher.next(flow); rule !== null; rule = matcher.next(flow)) {
      if (!this.#isChosen(flow, rule, isForward)) continue;
      const detail = matcher.detailOf(rule);
      const decided = this.#performer.perform(rule, matcher.message, detail, occasion);
      if (decided !== null) return decided;
    }
    if (flow.rulesChanged || flow.progress !== null) this.#prune(flow, now);
    return 'pass';
  }

  /** Fills `#messages` with what the client said in this packet, and with what it completed. */
  #inspect(flow: Flow): void {
    const view = this.#view;
    if (view.payloadStart === view.payloadEnd) return;
    const { memory, payloadStart, payloadEnd } = view;
    if (flow.datagrams?.read(memory, payloadStart, payloadEnd, this.#messages) === false) {
      flow.datagrams = null;
      flow.rulesChanged = true;
    }
    const { stream, inspector } = flow;
    if (stream === null || inspector === null) return;
    const first = (view.flags & TCP_FLAG.SYN) !== 0 ? view.sequence + 1 : view.sequence;
    if (!stream.add(first >>> 0, view.memory, view.payloadStart, view.payloadEnd)) return;
    const goesOn = inspector.read(stream, this.#messages);
    if (stream.overflowed) this.#tally.overflowedStreams += 1;
    if (goesOn) {
      stream.settle();
      return;
    }
    flow.stream = null;
    flow.inspector = null;
    flow.rulesChanged = true;
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
    const isRead = flow.stream !== null || flow.datagrams !== null;
    flow.rulesChanged = false;
    flow.forwardRules = remainingRules(flow, this.#book, true, isRead, now);
    flow.reverseRules = remainingRules(flow, this.#book, false, isRead, now);
    if (isRead && flow.forwardRules.layers.size === 0) stopInspection(flow);
    if (isIdle(flow)) settle(flow);
  }

  #limit(flow: Flow, isForward: boolean, now: number, effects: Effects): Disposition {
    const limiter = isForward ? flow.forwardLimiter : flow.reverseLimiter;
    if (limiter === null) return 'pass';
    const { memory, start, end } = this.#view;
    const at = limiter.admit(end - start, now);
    if (at === REFUSED) return 'drop';
    if (at <= now) return 'pass';
    effects.emit(memory.subarray(start, end), at, 'forwarded');
    return 'taken';
  }
}

/** Notes where a segment starts and what its sender has received. */
function followSequences(flow: Flow, view: PacketView, isForward: boolean): void {
  (isForward ? flow.forward : flow.reverse).begin(view.sequence);
  if ((view.flags & TCP_FLAG.ACK) !== 0)
    (isForward ? flow.reverse : flow.forward).acknowledge(view.acknowledgment);
}

/** Notes that a segment reached, or will reach, its receiver. */
function advance(flow: Flow, view: PacketView, isForward: boolean): void {
  if (!view.isTcp || flow.settled) return;
  (isForward ? flow.forward : flow.reverse).advance(view.sequence, segmentEnd(view));
}
