// The censor's way of judging one packet: find its flow, see what was decided about it, else look at what it says and try the rules.
import type { IpPrefix } from '../../base/addresses.ts';
import type { Disposition, Effects, Middlebox } from '../../model/middlebox.ts';
import type { CensorCheck, CensorStatistics } from '../../model/censor-statistics.ts';
import type { ModelEvaluator } from '../../model/censor-evaluator.ts';
import type {
  CensorProgram,
  CensorReassembly,
  CensorSpec,
  CensorState,
} from '../../model/censor.ts';
import { PacketView } from '../../wire/packet.ts';
import { TCP_FLAG, sequenceDistance } from '../../wire/tcp.ts';
import {
  awaitWords,
  beginFlow,
  chooseRules,
  openStream,
  stopInspection,
} from './state/begin-flow.ts';
import {
  isHalfOpen,
  isOpening,
  isSynAck,
  markSegment,
  movesStage,
  stageOf,
} from './state/connection.ts';
import { ControlTable } from './state/control-table.ts';
import { Defragmenter } from './state/defragmenter.ts';
import { FollowPolicy } from './state/follow-policy.ts';
import { HeldSegments, type HeldTotal } from '../intercept/held-segments.ts';
import type { TakesOver } from '../intercept/interceptor.ts';
import { noteOpening } from '../intercept/opening.ts';
import { isIntercepted } from './act/standing.ts';
import { HeldFragments } from './held-fragments.ts';
import { type PacketChecks, createChecks } from './state/packet-checks.ts';
import { Chance } from './match/chance.ts';
import {
  type Flow,
  type RefusedBytes,
  RULE_DRAWN,
  RULE_OVER,
  isIdle,
  settle,
} from './state/flow.ts';
import { FlowTable } from './state/flow-table.ts';
import { segmentEnd } from './act/forge.ts';
import { FragmentTable } from './state/fragment-table.ts';
import type { Message } from './inspect/message.ts';
import { Performer } from './act/performer.ts';
import type { Occasion } from './occasion.ts';
import { RedirectTable } from './act/redirect-table.ts';
import { ProgramDesk } from './program/program-desk.ts';
import { Reporter } from './reporter.ts';
import { ResidualTable } from './state/residual.ts';
import { Matcher } from './match/matcher.ts';
import { remainingRules } from './match/remaining-rules.ts';
import type { CompiledRule } from './match/rule.ts';
import { RuleBook } from './match/rule-book.ts';
import { Tally } from './tally.ts';

export interface CensorOptions {
  /** On-path sees copies: triggers always arrive. */
  readonly position: 'in-path' | 'on-path';
  /** Computes the models of the spec; null: conditions over models are of no packet. */
  readonly evaluator: ModelEvaluator | null;
  /** Whose addresses are clients' where a flow is met in its middle; empty: who speaks first. */
  readonly clients: readonly IpPrefix[];
  /** Takes over the connections that rules say; null: they are let pass. */
  readonly interceptor: TakesOver | null;
}

export class Censor implements Middlebox {
  /**
   * Of the packet judged last: whether no rule, limit, standing decision or residual block can touch its flow while `epoch` stays. A path may
   * then carry the flow past the censor; a SYN begins another flow, and is to be judged.
   */
  settled = false;
  readonly #onError: CensorSpec['onError'];
  readonly #position: 'in-path' | 'on-path';
  readonly #spec: CensorSpec;
  readonly #seed: number;
  readonly #evaluator: ModelEvaluator | null;
  readonly #tally = new Tally();
  #book: RuleBook;
  #matcher: Matcher;
  #names: ReadonlySet<string>;
  #isEnabled = true;
  /** How often the rules were changed or the censor switched on again: flows that saw fewer choose their rules anew. */
  #generation = 0;
  /** The generation that began when it was last switched on: flows that saw an earlier one have gone on unseen. */
  #blindUntil = 0;
  readonly #reassembly: CensorReassembly;
  readonly #view = new PacketView();
  readonly #flows: FlowTable;
  readonly #policy: FollowPolicy;
  readonly #whenFull: CensorState['whenFull'];
  readonly #checks: PacketChecks | null;
  readonly #fragments = new FragmentTable();
  /** Null where fragments are not put together. */
  readonly #defragmenter: Defragmenter | null;
  readonly #residuals = new ResidualTable();
  readonly #redirects = new RedirectTable();
  readonly #interceptor: TakesOver | null;
  /** What waits in all flows until it is clear whether they are taken over. */
  readonly #heldTotal: HeldTotal = { bytes: 0 };
  /** Null where RSTs and FINs are of their own flow alone. */
  readonly #controls: ControlTable | null;
  readonly #chance: Chance;
  readonly #reporter: Reporter;
  readonly #performer: Performer;
  readonly #messages: Message[] = [];
  readonly #name: string;
  #desk: ProgramDesk | null = null;

  constructor(
    name: string,
    spec: CensorSpec,
    seed: number,
    { position, evaluator, clients, interceptor }: CensorOptions,
  ) {
    this.#name = name;
    this.#onError = spec.onError;
    this.#position = position;
    this.#interceptor = interceptor;
    this.#seed = seed;
    this.#evaluator = evaluator;
    this.#spec = spec;
    this.#reassembly = spec.reassembly;
    this.#book = new RuleBook(spec, seed, this.#view, evaluator);
    this.#matcher = new Matcher(this.#book);
    this.#names = new Set(spec.rules.map(({ name }) => name));
    this.#flows = new FlowTable(spec.state, seed, clients);
    this.#chance = new Chance(seed);
    this.#policy = new FollowPolicy(spec.state, this.#chance);
    this.#controls = spec.state.control === 'addresses' ? new ControlTable() : null;
    this.#whenFull = spec.state.whenFull;
    this.#checks = createChecks(spec.checks);
    this.#defragmenter = spec.reassembly.ipFragment ? new Defragmenter(spec.reassembly) : null;
    this.#reporter = new Reporter(name, this.#tally);
    this.#performer = new Performer({
      residuals: this.#residuals,
      redirects: this.#redirects,
      reporter: this.#reporter,
      position,
      censor: name,
      interceptor,
    });
    if (spec.program !== undefined) this.#installProgram(spec.program);
  }

  /** Where the program of the experimenter is heard; null when there is none. */
  get program(): ProgramDesk | null {
    return this.#desk;
  }

  get statistics(): CensorStatistics {
    const { size, evicted } = this.#flows;
    const names = this.#book.rules.filter(({ isProgram }) => !isProgram).map(({ name }) => name);
    const brokenDatagrams = this.#defragmenter?.broken ?? 0;
    const statistics = this.#tally.snapshot(names, { known: size, evicted, brokenDatagrams });
    return this.#desk === null
      ? statistics
      : { ...statistics, program: { ...this.#desk.counters } };
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
    this.#blindUntil = this.#generation;
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
    const names = new Set(spec.rules.map(({ name }) => name));
    this.#residuals.retain(names);
    this.#names = names;
    if (spec.program !== undefined) this.#installProgram(spec.program);
  }

  /** Where a caller that must read a packet itself does so, for `judgeRead`. */
  get view(): PacketView {
    return this.#view;
  }

  judge(
    memory: Uint8Array,
    start: number,
    end: number,
    now: number,
    effects: Effects,
  ): Disposition {
    this.#view.load(memory, start, end);
    return this.judgeRead(end - start, now, effects);
  }

  /** Judges the packet, of so many bytes, that was loaded into `view`. */
  judgeRead(bytes: number, now: number, effects: Effects): Disposition {
    const view = this.#view;
    this.settled = !this.#isEnabled;
    this.#tally.packets += 1;
    this.#tally.bytes += bytes;
    if (!this.#isEnabled) {
      this.#tally.unjudged += 1;
      return 'pass';
    }
    if (view.fault !== null) return this.#refuse(effects);
    if (view.isFragment) return this.#judgeFragment(now, effects);
    return this.#judgeWhole(now, effects);
  }

  #refuse(effects: Effects): Disposition {
    this.#tally.unparsable += 1;
    this.#reporter.reportFault(this.#view.fault ?? '', this.#tally.unparsable, effects);
    return this.#onError;
  }

  #judgeFragment(now: number, effects: Effects): Disposition {
    const view = this.#view;
    if (this.#defragmenter !== null) return this.#gather(this.#defragmenter, now, effects);
    if (view.fragmentOffset === 0) {
      const disposition = this.#judgeWhole(now, effects);
      this.settled = false;
      this.#fragments.remember(view, disposition, now);
      return disposition;
    }
    const fate = this.#fragments.recall(view, now);
    if (fate === null) this.#tally.orphanFragments += 1;
    // A first fragment that is held back for its rate leaves later ones free: they cannot be read before it arrives.
    return fate === 'drop' ? 'drop' : 'pass';
  }

  /** Judges a datagram once it is whole. In-path its fragments are held until then; on-path they have long gone on. */
  #gather(defragmenter: Defragmenter, now: number, effects: Effects): Disposition {
    const view = this.#view;
    if (this.#checks?.hasWrongIpChecksum(view) === true) return this.#ignore('checksum');
    const isHolding = this.#position === 'in-path';
    const datagram = defragmenter.add(view, now);
    if (datagram === 'broken') return isHolding ? 'drop' : 'pass';
    if (datagram === 'waiting') return isHolding ? 'taken' : 'pass';
    const { packet } = datagram;
    const held = new HeldFragments(datagram, effects);
    const whole = isHolding ? held : effects;
    const disposition = view.load(packet, 0, packet.length)
      ? this.#judgeWhole(now, whole)
      : this.#refuse(whole);
    this.settled = false;
    return isHolding ? held.release(disposition, now) : disposition;
  }

  /** Judges a packet that is no later fragment. The answer of a server that a flow was redirected to counts as that of the one asked. */
  #judgeWhole(now: number, effects: Effects): Disposition {
    const view = this.#view;
    if (!this.#redirects.restore(view)) return this.#judgePacket(now, effects);
    const disposition = this.#judgePacket(now, effects);
    if (disposition !== 'pass') return disposition;
    effects.emit(view.memory.subarray(view.start, view.end), now, 'forwarded');
    return 'taken';
  }

  #judgePacket(now: number, effects: Effects): Disposition {
    const view = this.#view;
    const known = this.#meetControls(this.#flows.find(view, now));
    const isWaiting = known !== null && this.#desk?.isWaiting(known) === true;
    const isDecided = known?.settled === true && known.residualEpoch === this.epoch && !isWaiting;
    if (isDecided && !isOpening(view)) return this.#judgeSettled(known, now, effects);
    const isFromClient = known === null ? !isSynAck(view) : this.#flows.isForward;
    const fault = this.#checks?.fault(view, known, isFromClient) ?? null;
    if (fault !== null) return this.#ignore(fault);
    if (view.isTcp) this.#controls?.note(view);
    const flow = this.#continueFlow(known, now) ?? this.#createFlow(now, effects);
    if (flow === null) return this.#turnAway();
    const { isForward } = this.#flows;
    this.#follow(flow, isForward);
    this.#checks?.note(flow, view, isForward);
    const isFitting = this.#policy.fits(flow, view, isForward);
    const disposition = this.#judgeFlow({ flow, view, isForward, now, effects });
    this.settled = this.#mayLeave(flow) && !isWaiting;
    if (isFitting) this.#change(flow, isForward, flow !== known);
    return disposition;
  }

  #judgeSettled(flow: Flow, now: number, effects: Effects): Disposition {
    const { isForward } = this.#flows;
    this.settled = this.#mayLeave(flow);
    if (this.#view.isTcp) this.#controls?.note(this.#view);
    const disposition = this.#carry(flow, isForward, now, effects);
    if (movesStage(this.#view) || isHalfOpen(flow)) {
      this.#follow(flow, isForward);
      if (this.#policy.fits(flow, this.#view, isForward)) this.#change(flow, isForward, false);
    }
    return disposition;
  }

  /** Whether nobody misses what is still to come of a flow: its RSTs and FINs may be for others too. */
  #mayLeave({ settled, treatment }: Flow): boolean {
    return settled && treatment === null && this.#controls === null;
  }

  /** Does to a flow what RSTs and FINs of others between the same addresses ask for; null when it is over. */
  #meetControls(flow: Flow | null): Flow | null {
    if (flow === null || this.#controls === null) return flow;
    const view = this.#view;
    const flags = this.#controls.take(flow, view);
    if (flags === 0) return flow;
    const upheaval = this.#policy.upheavalBy(flags, flow, view, this.#flows.isForward);
    if (upheaval === 'resync') flow.resyncs = true;
    if (upheaval !== 'teardown') return flow;
    this.#flows.remove(flow);
    return null;
  }

  #ignore(check: CensorCheck): Disposition {
    this.#tally.ignored[check] += 1;
    return 'pass';
  }

  /** A packet whose flow is not followed. */
  #turnAway(): Disposition {
    if (this.#policy.begins(this.#view) && this.#whenFull === 'drop') {
      this.#tally.refused += 1;
      return 'drop';
    }
    this.#tally.unseen += 1;
    return 'pass';
  }

  /** The flow that the packet belongs to, made ready for it; null when it begins another. */
  #continueFlow(flow: Flow | null, now: number): Flow | null {
    const view = this.#view;
    if (flow === null) return null;
    const { isForward } = this.#flows;
    if (isOpening(view) && this.#policy.beginsAnother(flow, view, isForward)) {
      this.#flows.remove(flow);
      return null;
    }
    if (flow.generation !== this.#generation) this.#chooseAnew(flow, isForward, now);
    const isAwaited = flow.resyncs && isForward && (view.flags & TCP_FLAG.RST) === 0;
    if (isAwaited || this.#policy.resyncsHere(flow, view, isForward)) this.#resync(flow);
    return flow;
  }

  #createFlow(now: number, effects: Effects): Flow | null {
    const view = this.#view;
    if (!this.#policy.begins(view)) return null;
    const flow = this.#flows.create(view, now);
    if (flow === null) return null;
    const isForward = this.#flows.isForward;
    this.#tally.flows += 1;
    flow.generation = this.#generation;
    flow.controlEpoch = this.#controls?.epoch ?? 0;
    beginFlow(flow, this.#book, this.#reassembly, view, isForward, now);
    flow.residualEpoch = this.epoch;
    flow.residual = this.#residuals.find(flow, false, now);
    if (flow.residual !== null) this.#reporter.reportResidual(flow.residual, view, effects);
    if (isIdle(flow)) settle(flow);
    return flow;
  }

  /** Notes how far the flow's connection is. */
  #follow(flow: Flow, isForward: boolean): void {
    if (this.#view.isTcp) markSegment(flow, this.#view, isForward);
    this.#flows.enter(flow, stageOf(flow));
  }

  /** What the packet does to what is known of its flow from here on. */
  #change(flow: Flow, isForward: boolean, isFirst: boolean): void {
    const view = this.#view;
    if (!movesStage(view)) return;
    const upheaval = this.#policy.upheavalOf(flow, view, isForward, isFirst);
    if (upheaval === 'resync') flow.resyncs = true;
    if (upheaval !== 'teardown' || isIntercepted(flow.standing)) return;
    this.#flows.remove(flow);
    this.settled = false;
  }

  /** Believes of the client's sequence number what this segment of it says. */
  #resync(flow: Flow): void {
    flow.resyncs = false;
    flow.order?.forgetClient();
    if (flow.stream === null && !flow.awaitsWords) return;
    flow.forward.forget();
    awaitWords(flow, this.#view, true);
  }

  /** Chooses among the rules that there are by now. What was decided stands, unless nobody knows any more who decided it. */
  #chooseAnew(flow: Flow, isForward: boolean, now: number): void {
    const { stream, awaitsWords, firstWord, generation } = flow;
    flow.generation = this.#generation;
    flow.ruleMarks = null;
    if (flow.residual !== null && !this.#names.has(flow.residual.rule.name)) flow.residual = null;
    if (flow.standing !== null) return;
    flow.settled = false;
    flow.forgetSequences();
    stopInspection(flow);
    chooseRules(flow, this.#book, this.#reassembly, this.#view, isForward, now);
    if (flow.awaitsWords && generation >= this.#blindUntil) {
      // The words that wait to be whole are read by the new rules too.
      if (awaitsWords) flow.firstWord = firstWord;
      flow.stream = stream;
      if (stream !== null) openStream(flow, this.#reassembly);
    }
    if (isIdle(flow)) settle(flow);
  }

  #judgeFlow(occasion: Occasion): Disposition {
    const { flow, view, isForward, now, effects } = occasion;
    if (view.isTcp && !isOpening(view)) followSequences(flow, view, isForward);
    if (this.#intercepts) flow.opening = noteOpening(flow.opening, view, isForward);
    const decided = this.#decide(occasion);
    if (decided === 'pass' || this.#position === 'on-path') advance(flow, view, isForward);
    if (decided !== 'pass') return decided;
    const passed = this.#desk?.pass(occasion) ?? 'pass';
    return passed === 'pass' ? this.#carry(flow, isForward, now, effects) : passed;
  }

  #decide(occasion: Occasion): Disposition {
    const { flow, view, isForward, now, effects } = occasion;
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
      flow.residual = this.#residuals.successor(flow.residual, flow, now);
      if (isIdle(flow)) settle(flow);
    }
    // Before a block begins, what a flow says is heard as ever.
    if (flow.residual !== null && now >= flow.residual.from)
      return this.#performer.applyResidual(flow.residual, occasion);
    if (this.#policy.isTooEarly(flow, view)) return 'pass';
    if (isForward && flow.refused !== null && overlaps(view, flow.refused)) return 'drop';
    return this.#applyRules(occasion);
  }

  /** Tries the rules in their order. The first that matches decides, but for those that leave the others their turn, as throttles do. */
  #applyRules(occasion: Occasion): Disposition {
    const { flow, view, isForward, now } = occasion;
    if (this.#messages.length > 0) this.#messages.length = 0;
    flow.progress?.count(view, isForward);
    if (isForward) this.#inspect(flow);
    const matcher = this.#matcher;
    const rules = isForward ? flow.forwardRules : flow.reverseRules;
    matcher.begin(flow, rules, isForward, this.#messages, now);
    for (let rule = matcher.next(flow); rule !== null; rule = matcher.next(flow)) {
      if (!this.#isChosen(flow, rule, isForward)) continue;
      if (rule.isProgram && this.#desk !== null) {
        this.#release(occasion);
        return this.#desk.ask(occasion, this.#messages.at(-1) ?? null);
      }
      if (!takesOver(rule)) this.#release(occasion);
      const detail = matcher.detailOf(rule);
      const decided = this.#performer.perform(rule, matcher.message, detail, occasion);
      if (decided === 'drop' && matcher.message !== null) this.#refuseWords(flow);
      if (decided !== null) return decided;
    }
    if (isForward && this.#intercepts && this.#holds(occasion)) return 'taken';
    if (flow.rulesChanged || flow.progress !== null) this.#prune(flow, now);
    return 'pass';
  }

  /** The client's words at hand never reach the server: what was read once is not read again when it is sent again. */
  #refuseWords(flow: Flow): void {
    const view = this.#view;
    if (!view.isTcp || flow.standing !== null) return;
    flow.refused = { from: view.sequence, to: segmentEnd(view) };
  }

  /** Whether connections may be taken over. */
  get #intercepts(): boolean {
    return this.#interceptor !== null && this.#book.takesOver;
  }

  /** Whether the packet waits: with what its client says next, a rule may have its connection taken over. */
  #holds(occasion: Occasion): boolean {
    const { flow, view } = occasion;
    const isUnclear = this.#reassembly.tcp && flow.stream !== null && this.#messages.length === 0;
    if (isUnclear && flow.forwardRules.takesOver) {
      flow.held ??= new HeldSegments(this.#heldTotal);
      if (flow.held.hold(view)) return true;
    }
    if (view.payloadLength > 0) this.#release(occasion);
    return false;
  }

  /** What waits goes on: the connection stays that of its ends. */
  #release({ flow, now, effects }: Occasion): void {
    if (flow.held === null || flow.held.isOver) return;
    const view = new PacketView();
    for (const packet of flow.held.release(now, effects))
      if (view.load(packet, 0, packet.length)) advance(flow, view, true);
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
    if (flow.awaitsWords) openStream(flow, this.#reassembly);
    const { stream, inspector } = flow;
    if (stream === null || inspector === null) return;
    const first = (view.flags & TCP_FLAG.SYN) !== 0 ? view.sequence + 1 : view.sequence;
    if (stream.isBehind(flow.forward.next)) stream.overflowed = true;
    else if (!stream.add(first >>> 0, view.memory, view.payloadStart, view.payloadEnd)) return;
    const goesOn = !stream.overflowed && inspector.read(stream, this.#messages);
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
    const isRead = flow.awaitsWords || flow.stream !== null || flow.datagrams !== null;
    flow.rulesChanged = false;
    flow.forwardRules = remainingRules(flow, this.#book, true, isRead, now);
    flow.reverseRules = remainingRules(flow, this.#book, false, isRead, now);
    if (isRead && flow.forwardRules.layers.size === 0) stopInspection(flow);
    if (isIdle(flow)) settle(flow);
  }

  #installProgram(program: CensorProgram): void {
    if (this.#desk !== null) {
      this.#desk.reload(program);
      return;
    }
    const options = { censor: this.#name, position: this.#position, onError: this.#onError };
    this.#desk = new ProgramDesk(
      program,
      { ...options, seed: this.#seed },
      {
        perform: (verdict, message, occasion) => {
          const rule = this.#programRule;
          if (rule === undefined) return 'pass';
          // A rule of its own for each of its verdicts: what is said of each once a flow is said.
          const own = { ...rule, ...verdict, index: rule.index + 1 + verdict.index };
          return this.#performer.perform(own, message, own.words, occasion) ?? 'pass';
        },
        letGo: (occasion, packet) => this.#letGo(occasion, packet),
        leave: (flow) => {
          if (this.#programRule !== undefined) flow.mark(this.#programRule, RULE_OVER);
          flow.rulesChanged = true;
        },
        note: (name, text, view, effects) => this.#reporter.reportNote(name, text, view, effects),
        fault: (text, count, effects) => this.#reporter.reportFault(text, count, effects),
      },
    );
  }

  get #programRule(): CompiledRule | undefined {
    return this.#book.rules.find(({ isProgram }) => isProgram);
  }

  /** Sends on, as if it had come now, a packet that waited for the program. */
  #letGo({ flow, view, isForward, now, effects }: Occasion, packet: Uint8Array): void {
    advance(flow, view, isForward);
    // The program may have changed it.
    view.load(packet, 0, packet.length);
    const carried = flow.treatment?.carry(view, isForward, now, effects) ?? 'pass';
    if (carried === 'pass') effects.emit(packet, now, 'forwarded');
  }

  /** A packet that passes meets what was decided about those that do. */
  #carry({ treatment }: Flow, isForward: boolean, now: number, effects: Effects): Disposition {
    return treatment === null ? 'pass' : treatment.carry(this.#view, isForward, now, effects);
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
  if (!view.isTcp || flow.settled || isOpening(view)) return;
  flow.order?.note(view, isForward);
  (isForward ? flow.forward : flow.reverse).advance(view.sequence, segmentEnd(view));
}

const overlaps = (view: PacketView, { from, to }: RefusedBytes): boolean =>
  view.payloadLength > 0 &&
  sequenceDistance(view.sequence, to) < 0 &&
  sequenceDistance(segmentEnd(view), from) > 0;

const takesOver = ({ actions }: CompiledRule): boolean =>
  actions.some(({ kind }) => kind === 'mitm');
