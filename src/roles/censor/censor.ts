// The censor's way of judging one packet: find its flow, see what was decided about it, else look at what it says and try the rules.
import type { CensorStatistics } from '../../model/censor-statistics.ts';
import type { CensorProgram, CensorSpec } from '../../model/censor.ts';
import type { Disposition, Effects, Middlebox } from '../../model/middlebox.ts';
import type { PacketView } from '../../wire/packet.ts';
import { Performer } from './act/performer.ts';
import type { RedirectTable } from './act/redirect-table.ts';
import { type CensorOptions, type CensorParts, makeParts } from './censor-parts.ts';
import { Decider } from './decider.ts';
import { Follower } from './follower.ts';
import { FragmentJudge } from './fragment-judge.ts';
import { openDesk } from './program/open-desk.ts';
import type { ProgramDesk } from './program/program-desk.ts';
import { isHalfOpen, isOpening, isSynAck, movesStage } from './state/connection.ts';
import type { Flow } from './state/flow.ts';
import type { FlowTable } from './state/flow-table.ts';
import type { FollowPolicy } from './state/follow-policy.ts';
import { type PacketChecks, createChecks } from './state/packet-checks.ts';
import type { Tally } from './tally.ts';

export class Censor implements Middlebox {
  /**
   * Of the packet judged last: whether no rule, limit, standing decision or residual block can touch its flow while `epoch` stays. A path may
   * then carry the flow past the censor; a SYN begins another flow, and is to be judged.
   */
  settled = false;
  readonly #parts: CensorParts;
  readonly #view: PacketView;
  readonly #tally: Tally;
  readonly #flows: FlowTable;
  readonly #policy: FollowPolicy;
  readonly #redirects: RedirectTable;
  readonly #checks: PacketChecks | null;
  readonly #fragments: FragmentJudge;
  readonly #follower: Follower;
  readonly #performer: Performer;
  readonly #decider: Decider;
  #isEnabled = true;

  constructor(name: string, spec: CensorSpec, seed: number, options: CensorOptions) {
    const parts = makeParts(name, spec, seed, options);
    this.#parts = parts;
    this.#view = parts.view;
    this.#tally = parts.tally;
    this.#flows = parts.flows;
    this.#policy = parts.policy;
    this.#redirects = parts.redirects;
    this.#checks = createChecks(spec.checks);
    this.#fragments = new FragmentJudge(parts, this.#checks, {
      whole: (now, effects) => this.#judgeWhole(now, effects),
      unparsable: (effects) => this.#refuse(effects),
    });
    this.#follower = new Follower(parts);
    this.#performer = new Performer(parts);
    this.#decider = new Decider(parts, this.#follower, this.#performer);
    if (spec.program !== undefined) this.#installProgram(spec.program);
  }

  /** Where the program of the experimenter is heard; null when there is none. */
  get program(): ProgramDesk | null {
    return this.#decider.desk;
  }

  get statistics(): CensorStatistics {
    const { size, evicted } = this.#flows;
    const tables = { known: size, evicted, brokenDatagrams: this.#fragments.broken };
    const statistics = this.#tally.snapshot([...this.#parts.rules.names], tables);
    const { desk } = this.#decider;
    return desk === null ? statistics : { ...statistics, program: { ...desk.counters } };
  }

  /** Grows when a flow that was settled may be touched again: by a residual block over flows that are there, or by other rules. */
  get epoch(): number {
    return this.#follower.epoch;
  }

  get enabled(): boolean {
    return this.#isEnabled;
  }

  /** Switched off, a censor lets everything pass unjudged; switched on again, it goes on with what it knows. */
  set enabled(isEnabled: boolean) {
    if (this.#isEnabled === isEnabled) return;
    this.#isEnabled = isEnabled;
    this.#parts.rules.turn();
  }

  /**
   * Other rules from the next packet on. Flows stay known and choose their rules anew; what was decided about them stands, and so do residual
   * blocks of rules whose name is still there.
   */
  reload(spec: Pick<CensorSpec, 'rules'> & Partial<CensorSpec>): void {
    const { rules, residuals } = this.#parts;
    rules.replace({ ...this.#parts.spec, ...spec });
    residuals.retain(rules.names);
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
    if (!view.isFragment) return this.#judgeWhole(now, effects);
    const disposition = this.#fragments.judge(now, effects);
    this.settled = false;
    return disposition;
  }

  #refuse(effects: Effects): Disposition {
    const { reporter, spec } = this.#parts;
    this.#tally.unparsable += 1;
    reporter.reportFault(this.#view.fault ?? '', this.#tally.unparsable, effects);
    return spec.onError;
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
    const follower = this.#follower;
    const known = follower.find(now);
    const isWaiting = known !== null && this.#decider.desk?.isWaiting(known) === true;
    const isDecided = known?.settled === true && known.residualEpoch === this.epoch && !isWaiting;
    if (isDecided && !isOpening(view)) return this.#judgeSettled(known, now, effects);
    const isFromClient = known === null ? !isSynAck(view) : this.#flows.isForward;
    const fault = this.#checks?.fault(view, known, isFromClient) ?? null;
    if (fault !== null) {
      this.#tally.ignored[fault] += 1;
      return 'pass';
    }
    follower.noteControls();
    const flow = follower.continueFlow(known, now) ?? follower.createFlow(now, effects);
    if (flow === null) return follower.turnAway();
    const { isForward } = this.#flows;
    follower.follow(flow, isForward);
    this.#checks?.note(flow, view, isForward);
    const isFitting = this.#policy.fits(flow, view, isForward);
    const disposition = this.#decider.judge({ flow, view, isForward, now, effects });
    this.settled = follower.mayLeave(flow) && !isWaiting;
    if (isFitting && !follower.change(flow, isForward, flow !== known)) this.settled = false;
    return disposition;
  }

  #judgeSettled(flow: Flow, now: number, effects: Effects): Disposition {
    const view = this.#view;
    const { isForward } = this.#flows;
    this.settled = this.#follower.mayLeave(flow);
    this.#follower.noteControls();
    const disposition = this.#decider.carry(flow, isForward, now, effects);
    if (!movesStage(view) && !isHalfOpen(flow)) return disposition;
    this.#follower.follow(flow, isForward);
    const isFitting = this.#policy.fits(flow, view, isForward);
    if (isFitting && !this.#follower.change(flow, isForward, false)) this.settled = false;
    return disposition;
  }

  #installProgram(program: CensorProgram): void {
    const { desk } = this.#decider;
    if (desk === null) this.#decider.desk = openDesk(program, this.#parts, this.#performer);
    else desk.reload(program);
  }
}
