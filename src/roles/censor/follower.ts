// Flows from their first packet to their last: which one a packet continues or begins, and what it does to what is known of it.
import type { CensorReassembly, CensorState } from '../../model/censor.ts';
import type { Disposition, Effects } from '../../model/middlebox.ts';
import type { PacketView } from '../../wire/packet.ts';
import { TCP_FLAG } from '../../wire/tcp.ts';
import { isIntercepted } from './act/standing.ts';
import type { CensorParts } from './censor-parts.ts';
import type { RulesInForce } from './match/rules-in-force.ts';
import type { Reporter } from './reporter.ts';
import {
  awaitWords,
  beginFlow,
  chooseRules,
  openStream,
  stopInspection,
} from './state/begin-flow.ts';
import { isOpening, markSegment, movesStage, stageOf } from './state/connection.ts';
import { ControlTable } from './state/control-table.ts';
import { type Flow, isIdle, settle } from './state/flow.ts';
import type { FlowTable } from './state/flow-table.ts';
import type { FollowPolicy } from './state/follow-policy.ts';
import type { ResidualTable } from './state/residual.ts';
import type { Tally } from './tally.ts';

export class Follower {
  readonly #view: PacketView;
  readonly #rules: RulesInForce;
  readonly #flows: FlowTable;
  readonly #policy: FollowPolicy;
  /** Null where RSTs and FINs are of their own flow alone. */
  readonly #controls: ControlTable | null;
  readonly #residuals: ResidualTable;
  readonly #reporter: Reporter;
  readonly #tally: Tally;
  readonly #reassembly: CensorReassembly;
  readonly #whenFull: CensorState['whenFull'];

  constructor({ spec, ...parts }: CensorParts) {
    this.#view = parts.view;
    this.#rules = parts.rules;
    this.#flows = parts.flows;
    this.#policy = parts.policy;
    this.#controls = spec.state.control === 'addresses' ? new ControlTable() : null;
    this.#residuals = parts.residuals;
    this.#reporter = parts.reporter;
    this.#tally = parts.tally;
    this.#reassembly = spec.reassembly;
    this.#whenFull = spec.state.whenFull;
  }

  /** Grows when a flow that was settled may be touched again: by a residual block over flows that are there, or by other rules. */
  get epoch(): number {
    return this.#rules.generation + this.#residuals.epoch;
  }

  /** The flow that is known of the packet; null where there is none, or RSTs and FINs of others have ended it. */
  find(now: number): Flow | null {
    const flow = this.#flows.find(this.#view, now);
    return flow === null || this.#controls === null ? flow : this.#meet(this.#controls, flow);
  }

  /** What others have to know of the packet. */
  noteControls(): void {
    if (this.#controls !== null && this.#view.isTcp) this.#controls.note(this.#view);
  }

  /** The flow that the packet belongs to, made ready for it; null when it begins another. */
  continueFlow(flow: Flow | null, now: number): Flow | null {
    const view = this.#view;
    if (flow === null) return null;
    const { isForward } = this.#flows;
    if (isOpening(view) && this.#policy.beginsAnother(flow, view, isForward)) {
      this.#flows.remove(flow);
      return null;
    }
    if (flow.generation !== this.#rules.generation) this.#chooseAnew(flow, isForward, now);
    const isAwaited = flow.resyncs && isForward && (view.flags & TCP_FLAG.RST) === 0;
    if (isAwaited || this.#policy.resyncsHere(flow, view, isForward)) this.#resync(flow);
    return flow;
  }

  /** A flow that begins with the packet; null when none does. */
  createFlow(now: number, effects: Effects): Flow | null {
    const view = this.#view;
    if (!this.#policy.begins(view)) return null;
    const flow = this.#flows.create(view, now);
    if (flow === null) return null;
    const { isForward } = this.#flows;
    this.#tally.flows += 1;
    flow.generation = this.#rules.generation;
    flow.controlEpoch = this.#controls?.epoch ?? 0;
    beginFlow(flow, this.#rules.book, this.#reassembly, view, isForward, now);
    flow.residualEpoch = this.epoch;
    flow.residual = this.#residuals.find(flow, false, now);
    if (flow.residual !== null) this.#reporter.reportResidual(flow.residual, view, effects);
    if (isIdle(flow)) settle(flow);
    return flow;
  }

  /** A packet whose flow is not followed. */
  turnAway(): Disposition {
    if (this.#policy.begins(this.#view) && this.#whenFull === 'drop') {
      this.#tally.refused += 1;
      return 'drop';
    }
    this.#tally.unseen += 1;
    return 'pass';
  }

  /** Notes how far the flow's connection is. */
  follow(flow: Flow, isForward: boolean): void {
    if (this.#view.isTcp) markSegment(flow, this.#view, isForward);
    this.#flows.enter(flow, stageOf(flow));
  }

  /** What the packet does to what is known of its flow from here on. False when the flow is forgotten. */
  change(flow: Flow, isForward: boolean, isFirst: boolean): boolean {
    const view = this.#view;
    if (!movesStage(view)) return true;
    const upheaval = this.#policy.upheavalOf(flow, view, isForward, isFirst);
    if (upheaval === 'resync') flow.resyncs = true;
    if (upheaval !== 'teardown' || isIntercepted(flow.standing)) return true;
    this.#flows.remove(flow);
    return false;
  }

  /** Whether nobody misses what is still to come of a flow: its RSTs and FINs may be for others too. */
  mayLeave({ settled, treatment }: Flow): boolean {
    return settled && treatment === null && this.#controls === null;
  }

  /** Does to a flow what RSTs and FINs of others between the same addresses ask for; null when it is over. */
  #meet(controls: ControlTable, flow: Flow): Flow | null {
    const view = this.#view;
    const flags = controls.take(flow, view);
    if (flags === 0) return flow;
    const upheaval = this.#policy.upheavalBy(flags, flow, view, this.#flows.isForward);
    if (upheaval === 'resync') flow.resyncs = true;
    if (upheaval !== 'teardown') return flow;
    this.#flows.remove(flow);
    return null;
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
    const { book, names, blindUntil } = this.#rules;
    flow.generation = this.#rules.generation;
    flow.ruleMarks = null;
    if (flow.residual !== null && !names.has(flow.residual.rule.name)) flow.residual = null;
    if (flow.standing !== null) return;
    flow.settled = false;
    flow.forgetSequences();
    stopInspection(flow);
    chooseRules(flow, book, this.#reassembly, this.#view, isForward, now);
    if (flow.awaitsWords && generation >= blindUntil) {
      // The words that wait to be whole are read by the new rules too.
      if (awaitsWords) flow.firstWord = firstWord;
      flow.stream = stream;
      if (stream !== null) openStream(flow, this.#reassembly);
    }
    if (isIdle(flow)) settle(flow);
  }
}
