// The censor's way of judging one packet: find its flow, see what was decided about it, else look at what it says and try the rules.
import type { Disposition, Effects, Middlebox } from '../../model/middlebox.ts';
import type { CensorStatistics } from '../../model/censor-statistics.ts';
import type { CensorProgram, CensorSpec } from '../../model/censor.ts';
import { IP_PROTOCOL } from '../../wire/ip-protocol.ts';
import { PacketView } from '../../wire/packet.ts';
import { TCP_FLAG } from '../../wire/tcp.ts';
import { DATAGRAM_LOOKS, beginFlow } from './state/begin-flow.ts';
import { Chance } from './match/chance.ts';
import { readDnsQuery } from './inspect/dns-query.ts';
import { type Flow, RULE_DRAWN, RULE_OVER, RULE_REPORTED, isIdle, settle } from './state/flow.ts';
import { FlowTable } from './state/flow-table.ts';
import { segmentEnd } from './act/forge.ts';
import { FragmentTable } from './state/fragment-table.ts';
import { REFUSED } from './act/limiter.ts';
import type { Message } from './inspect/message.ts';
import { AT_ONCE } from '../../model/censor-defaults.ts';
import { Performer } from './act/performer.ts';
import { ProgramDesk, type ProgramSide } from './program/program-desk.ts';
import type { Occasion } from './occasion.ts';
import { Reporter } from './reporter.ts';
import { ResidualTable } from './state/residual.ts';
import { type CompiledRule, compileRule } from './match/rule.ts';
import { Tally } from './tally.ts';

/** Flows known at once. */
const FLOW_CAPACITY = 65_536;
export interface CensorOptions {
  /** On-path sees copies: triggers always arrive. */
  readonly position: 'in-path' | 'on-path';
}

export class Censor implements Middlebox {
  /**
   * Of the packet judged last: whether no rule, limit, standing decision or residual block can touch its flow while `epoch` stays. A path may
   * then carry the flow past the censor; a SYN begins another flow, and is to be judged.
   */
  settled = false;
  readonly #onError: CensorSpec['onError'];
  readonly #position: 'in-path' | 'on-path';
  readonly #seed: number;
  readonly #tally = new Tally();
  #rules: readonly CompiledRule[];
  #isEnabled = true;
  /** How often the rules were changed or the censor switched on again: flows that saw fewer choose their rules anew. */
  #generation = 0;
  readonly #view = new PacketView();
  readonly #flows: FlowTable;
  readonly #fragments = new FragmentTable();
  readonly #residuals = new ResidualTable();
  readonly #chance: Chance;
  readonly #reporter: Reporter;
  readonly #performer: Performer;
  readonly #messages: Message[] = [];
  readonly #name: string;
  #desk: ProgramDesk | null = null;

  constructor(name: string, spec: CensorSpec, seed: number, { position }: CensorOptions) {
    this.#name = name;
    this.#onError = spec.onError;
    this.#position = position;
    this.#seed = seed;
    this.#rules = compileRules(spec, seed);
    this.#flows = new FlowTable(FLOW_CAPACITY, seed);
    this.#chance = new Chance(seed);
    this.#reporter = new Reporter(name, this.#tally);
    this.#performer = new Performer(this.#residuals, this.#reporter, position);
    if (spec.program !== undefined) this.#desk = this.#openDesk(spec.program);
  }

  /** Where the program of the experimenter is heard; null when there is none. */
  get program(): ProgramDesk | null {
    return this.#desk;
  }

  get statistics(): CensorStatistics {
    const { size, evicted } = this.#flows;
    const names = this.#rules.filter(({ isProgram }) => !isProgram).map(({ name }) => name);
    const tally = this.#tally.snapshot(names, { known: size, evicted });
    return this.#desk === null ? tally : { ...tally, program: { ...this.#desk.counters } };
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
  reload(spec: Pick<CensorSpec, 'rules' | 'program'>): void {
    this.#rules = compileRules(spec, this.#seed);
    this.#generation += 1;
    if (spec.program === undefined) return;
    if (this.#desk === null) this.#desk = this.#openDesk(spec.program);
    else this.#desk.reload(spec.program);
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
    const isWaiting = flow.program?.isWaiting ?? false;
    const isDecided = flow.settled && flow.residualEpoch === this.epoch && !isWaiting;
    const disposition = isDecided
      ? this.#limit(flow, isForward, now, effects)
      : this.#judgeFlow({ flow, view, isForward, now, effects });
    this.settled =
      flow.settled && !isWaiting && flow.forwardLimiter === null && flow.reverseLimiter === null;
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
    const flow = this.#flows.create(view, this.#rules.length, now);
    const isForward = this.#flows.isForward;
    this.#tally.flows += 1;
    beginFlow(flow, this.#rules, view, isForward);
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
    if (decided !== 'pass') return decided;
    const passed = this.#desk?.pass(occasion) ?? 'pass';
    return passed === 'pass' ? this.#limit(flow, isForward, now, effects) : passed;
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

  /** Tries the rules in their order. The first that matches decides, but for throttles, which leave the others their turn. */
  #applyRules(occasion: Occasion): Disposition {
    const { flow, isForward } = occasion;
    if (isForward) this.#inspect(flow);
    for (const rule of isForward ? flow.forwardRules : flow.reverseRules) {
      const found = findMatch(rule, occasion, this.#messages);
      if (found === null || !this.#isChosen(flow, rule, isForward)) continue;
      if (rule.isProgram) return this.#ask(occasion);
      const decided = this.#performer.perform(rule, found.message, found.detail, occasion);
      if (decided !== null) return decided;
    }
    if (flow.rulesChanged) this.#prune(flow);
    return 'pass';
  }

  /** Fills `#messages` with what the client said in this packet, and with what it completed. */
  #inspect(flow: Flow): void {
    const view = this.#view;
    this.#messages.length = 0;
    if (view.payloadStart === view.payloadEnd) return;
    if (flow.datagramLooks > 0) {
      const query = readDnsQuery(view.payload);
      flow.datagramLooks = query === null ? flow.datagramLooks - 1 : DATAGRAM_LOOKS;
      if (flow.datagramLooks === 0) flow.rulesChanged = true;
      if (query !== null) this.#messages.push({ layer: 'dns', query });
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
    const state = flow.ruleState[rule.index] ?? 0;
    if ((state & RULE_OVER) !== 0) return false;
    if ((state & RULE_DRAWN) !== 0) return true;
    const isChosen = this.#chance.draw(rule, this.#view, isForward);
    flow.ruleState[rule.index] = state | (isChosen ? RULE_DRAWN : RULE_OVER);
    if (!isChosen) flow.rulesChanged = true;
    return isChosen;
  }

  /** Forgets rules that cannot match this flow any more; without any it is settled. */
  #prune(flow: Flow): void {
    const isRead = flow.stream !== null || flow.datagramLooks > 0;
    const canMatch = (rule: CompiledRule): boolean =>
      ((flow.ruleState[rule.index] ?? 0) & RULE_OVER) === 0 && (rule.layers.size === 0 || isRead);
    flow.rulesChanged = false;
    flow.forwardRules = flow.forwardRules.filter(canMatch);
    flow.reverseRules = flow.reverseRules.filter(canMatch);
    if (isIdle(flow)) settle(flow);
  }

  #ask(occasion: Occasion): Disposition {
    // Only the client's words are read.
    const message = occasion.isForward ? this.#messages.at(-1) : undefined;
    return this.#desk?.ask(occasion, message ?? null) ?? 'pass';
  }

  #openDesk(program: CensorProgram): ProgramDesk {
    const options = { censor: this.#name, position: this.#position, onError: this.#onError };
    const side: ProgramSide = {
      perform: (name, actions, message, occasion) => {
        const rule = this.#rules.find(({ isProgram }) => isProgram);
        if (rule === undefined) return 'pass';
        const words = 'verdict of the program';
        const { flow } = occasion;
        // Each of its actions is reported once a flow, as a rule is.
        if (flow.program !== null && !flow.program.reported.has(name)) {
          flow.program.reported.add(name);
          flow.ruleState[rule.index] = (flow.ruleState[rule.index] ?? 0) & ~RULE_REPORTED;
        }
        const own = { ...rule, name, actions, words };
        return this.#performer.perform(own, message, words, occasion) ?? 'pass';
      },
      letGo: (occasion, packet) => this.#letGo(occasion, packet),
      leave: (flow) => {
        for (const { index, isProgram } of this.#rules)
          if (isProgram) flow.ruleState[index] = (flow.ruleState[index] ?? 0) | RULE_OVER;
        flow.rulesChanged = true;
      },
      note: (name, text, view, effects) => this.#reporter.reportNote(name, text, view, effects),
      fault: (text, count, effects) => this.#reporter.reportFault(text, count, effects),
    };
    return new ProgramDesk(program, { ...options, seed: this.#seed }, side);
  }

  /** Sends on, as if it had come now, a packet that waited for the program. */
  #letGo({ flow, view, isForward, now, effects }: Occasion, packet: Uint8Array): void {
    advance(flow, view, isForward);
    const limiter = isForward ? flow.forwardLimiter : flow.reverseLimiter;
    const at = limiter === null ? now : limiter.admit(packet.length, now);
    if (at !== REFUSED) effects.emit(packet, at, 'forwarded');
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

/** The program's turn comes after every rule. */
function compileRules(
  { rules, program }: Pick<CensorSpec, 'rules' | 'program'>,
  seed: number,
): readonly CompiledRule[] {
  const compiled = rules.map((rule, index) => compileRule(rule, index, seed));
  if (program === undefined) return compiled;
  const rule = { name: 'program', match: program.match, actions: [], probability: 1 };
  const timing = { first: null, engageAfter: AT_ONCE };
  return [...compiled, compileRule({ ...rule, ...timing }, compiled.length, seed, true)];
}

const NO_MESSAGE: readonly null[] = [null];

interface Found {
  readonly message: Message | null;
  readonly detail: string;
}

function findMatch(
  rule: CompiledRule,
  { flow, view, isForward, now }: Occasion,
  messages: readonly Message[],
): Found | null {
  for (const message of rule.layers.size === 0 ? NO_MESSAGE : messages) {
    const detail = rule.matches({ flow, view, isForward, now, message });
    if (detail !== null) return { message, detail };
  }
  return null;
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
