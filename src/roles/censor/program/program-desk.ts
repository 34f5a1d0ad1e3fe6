// Where a censor asks its program: packets wait here, copied, until the program has said what becomes of them or its time is over.
// It never waits itself, and whatever the program does costs no more than its own packets.
import type { Disposition, Effects } from '../../../model/middlebox.ts';
import type { CensorAction } from '../../../model/censor-action.ts';
import type { CensorProgram } from '../../../model/censor.ts';
import { PacketView } from '../../../wire/packet.ts';
import type { Message } from '../inspect/message.ts';
import type { Occasion } from '../occasion.ts';
import type { Flow } from '../state/flow.ts';
import { type Answer, PROGRAM_PROTOCOL, type VerdictAnswer } from './answer.ts';
import { LineReader } from './line-reader.ts';
import { type ProgramCounters, noProgramCounters } from './program-counters.ts';
import { readAnswers } from './read-answers.ts';
import { replacePayload } from './replace-payload.ts';
import { Timers } from './timers.ts';
import { actionsOf } from './verdict-actions.ts';
import { type Decision, type HeldPacket, ProgramFlow, WaitingRoom } from './waiting-room.ts';
import { withData, writeQuestion } from './write-question.ts';

/** The way to one running program. */
export interface ProgramLink {
  /** There is something to be sent: `takeOutput` has it. Said once until that is called. */
  wake(): void;
  /** It is to be ended: it hangs, or what it says is no use. */
  end(reason: string): void;
}

/** What makes a verdict a rule that has matched. */
export interface VerdictRule {
  readonly name: string;
  /** Among the verdicts of the program. */
  readonly index: number;
  readonly actions: readonly CensorAction[];
  readonly words: string;
}

/** What the censor does for its program. */
export interface ProgramSide {
  /** Acts on a packet as a rule of this name would that matched it. */
  perform(verdict: VerdictRule, message: Message | null, occasion: Occasion): Disposition;
  /** Sends a packet on that was held, or what became of it. */
  letGo(occasion: Occasion, packet: Uint8Array): void;
  /** The program is not asked about this flow any more. */
  leave(flow: Flow): void;
  /** What the program says; about a packet, or null. */
  note(name: string, text: string, view: PacketView | null, effects: Effects): void;
  /** Something went wrong for the `count`th time. */
  fault(text: string, count: number, effects: Effects): void;
}

export interface DeskOptions {
  readonly censor: string;
  readonly position: 'in-path' | 'on-path';
  readonly onError: 'pass' | 'drop';
  readonly seed: number;
}

/** Microseconds. A program that has not spoken for so long, or for five times its time for a verdict, hangs. */
const SILENCE_LIMIT = 1e6;
const SILENT_TIMEOUTS = 5;
/** Microseconds from its start to `ready`. */
const START_LIMIT = 10e6;
/** Microseconds that packets wait longer while one program takes over from another. */
const TAKE_OVER = 2e6;
/** Lines that make no sense, without one that does in between. */
const FAULTS_IN_A_ROW = 100;
/** Packets that may wait behind others of their flow, for each that may wait for a verdict; more overtake. */
const BEHIND_EACH = 4;
/** Words that wait for the first packet. */
const UNTOLD = 256;

export class ProgramDesk {
  readonly counters: ProgramCounters = noProgramCounters();
  #program: CensorProgram;
  readonly #options: DeskOptions;
  readonly #side: ProgramSide;
  readonly #room = new WaitingRoom();
  readonly #timers = new Timers();
  readonly #view = new PacketView();
  #lines = new LineReader();
  #link: ProgramLink | null = null;
  #isReady = false;
  /** Whether the one that starts takes over from one that was still there: packets wait for it. */
  #takesOver = false;
  /** What is to be sent: lines as they are, and packets. */
  #outbox: (string | HeldPacket)[] = [];
  /** Flows that it was asked about, for as long as the censor knows them. */
  readonly #known = new WeakMap<Flow, ProgramFlow>();
  #packets = 0;
  #flows = 0;
  #behind = 0;
  #faultsInARow = 0;
  /** Whether it owes a verdict, and since when it has said nothing, microseconds since the epoch. */
  #owes = false;
  #silentSince = 0;
  /** Where packets go that belong to no other. */
  #effects: Effects | null = null;
  /** What was to be told before there was a packet, and with it somebody to tell. */
  #untold: ((effects: Effects) => void)[] = [];

  constructor(program: CensorProgram, options: DeskOptions, side: ProgramSide) {
    this.#program = program;
    this.#options = options;
    this.#side = side;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** When `expire` has something to do, microseconds since the epoch. */
  get nextDue(): number {
    const start =
      this.#link !== null && !this.#isReady ? this.#silentSince + START_LIMIT : Infinity;
    return Math.min(this.#room.oldest?.deadline ?? Infinity, this.#timers.nextDue, start);
  }

  /** Other names of actions, time-outs and so on, from the next program on. */
  reload(program: CensorProgram): void {
    this.#program = program;
  }

  /** A program has been started. What waits for the one before is asked again. */
  attach(link: ProgramLink, now: number): void {
    const { censor, position, seed } = this.#options;
    const { params, actions, timeout, window } = this.#program;
    const hello = { hello: PROGRAM_PROTOCOL, censor, position, seed, params };
    this.#takesOver = this.#link !== null;
    this.#link = link;
    this.#isReady = false;
    this.#owes = false;
    this.#lines = new LineReader();
    this.#faultsInARow = 0;
    this.#silentSince = now;
    this.#timers.clear();
    this.#outbox = [];
    this.#send(JSON.stringify({ ...hello, actions: Object.keys(actions), timeout, window }));
    for (const packet of this.#room.all()) {
      packet.deadline = this.#deadline(now);
      this.#send(packet);
    }
  }

  /** The program is gone: what waits for it is decided by `onError`, and so is what comes until there is another. */
  detach(reason: string, now: number): void {
    if (this.#link === null) return;
    this.#link = null;
    this.#isReady = false;
    this.#outbox = [];
    this.#timers.clear();
    this.counters.ended += 1;
    const { ended } = this.counters;
    this.#tell((effects) => this.#side.fault(`Program ended: ${reason}`, ended, effects));
    for (const packet of this.#room.all()) {
      this.counters.unattended += 1;
      this.#settle(packet.id, this.#options.onError, now);
    }
  }

  /** Asks about the packet at hand. `message` is what it completed. */
  ask(occasion: Occasion, message: Message | null): Disposition {
    const { flow, isForward, now } = occasion;
    const { onError, position } = this.#options;
    this.#hearFirst(occasion.effects);
    const own = this.#flowOf(flow, now);
    if (own.verdict !== null) return this.#inOrder(own.verdict, occasion);
    if (this.#link === null || !(this.#isReady || this.#takesOver)) {
      this.counters.unattended += 1;
      return this.#inOrder(onError, occasion);
    }
    if (this.#room.size >= this.#program.window) {
      this.counters.overflowed += 1;
      return this.#inOrder(onError, occasion);
    }
    own.packets += 1;
    own.bytes += occasion.view.end - occasion.view.start;
    const id = (this.#packets += 1);
    const packet = this.#hold(occasion, id, message, own);
    if (!this.#owes && this.#isReady) this.#silentSince = now;
    this.#owes = true;
    this.#room.add(packet);
    own.line(isForward).push(packet);
    this.counters.asked += 1;
    this.#send(packet);
    return position === 'in-path' ? 'taken' : 'pass';
  }

  /** A packet that passes: at once, or behind those of its flow and direction that wait. */
  pass(occasion: Occasion): Disposition {
    return !this.#known.has(occasion.flow) ? 'pass' : this.#inOrder('pass', occasion);
  }

  /** Whether packets of the flow wait. */
  isWaiting(flow: Flow): boolean {
    return this.#known.get(flow)?.isWaiting === true;
  }

  /** What is to be sent now, as one line without its end; null when nothing is. */
  takeOutput(): string | null {
    const texts = this.#outbox.map((item) =>
      typeof item === 'string'
        ? item
        : withData(item.question, this.#known.get(item.flow)?.data ?? 'null'),
    );
    this.#outbox = [];
    const [first] = texts;
    return texts.length > 1 ? `[${texts.join(',')}]` : (first ?? null);
  }

  /** Bytes of its standard output. */
  hear(bytes: Uint8Array, now: number): void {
    const lines = this.#lines.read(bytes);
    if (lines === null) {
      this.#giveUp('it wrote a line that is too long', now);
      return;
    }
    const names = new Set(Object.keys(this.#program.actions));
    for (const line of lines) {
      const { answers, faults } = readAnswers(line, names);
      for (const fault of faults) this.#complain(fault, now);
      for (const answer of answers) this.#carryOut(answer, now);
      if (this.#link === null) return;
    }
  }

  /** Time has come to `now`. */
  expire(now: number): void {
    for (const name of this.#timers.take(now))
      this.#send(JSON.stringify({ timer: name, time: Math.round(now) }));
    let isLate = false;
    for (;;) {
      const { oldest } = this.#room;
      if (oldest === undefined || oldest.deadline > now) break;
      isLate = true;
      this.counters.timedOut += 1;
      this.#side.fault('Program gave no verdict in time', this.counters.timedOut, oldest.effects);
      this.#settle(oldest.id, this.#options.onError, now);
    }
    if (this.#link === null) return;
    const silence = now - this.#silentSince;
    if (!this.#isReady && silence >= START_LIMIT)
      this.#giveUp(`it did not say that it is ready within ${START_LIMIT / 1e6} s`, now);
    else if (isLate && this.#isReady && silence >= this.#silenceLimit)
      this.#giveUp(`it hangs: it said nothing for ${Math.round(silence / 1000)} ms`, now);
  }

  #flowOf(flow: Flow, now: number): ProgramFlow {
    const known = this.#known.get(flow) ?? new ProgramFlow((this.#flows += 1), now);
    this.#known.set(flow, known);
    return known;
  }

  get #silenceLimit(): number {
    return Math.max(SILENCE_LIMIT, SILENT_TIMEOUTS * this.#program.timeout * 1000);
  }

  #carryOut(answer: Answer, now: number): void {
    this.#faultsInARow = 0;
    this.#silentSince = now;
    switch (answer.kind) {
      case 'ready':
        this.#isReady = true;
        return;
      case 'timer':
        if (!this.#timers.set(answer.name, now + answer.after * 1000))
          this.#complain(`Timer "${answer.name}": too many run`, now);
        return;
      case 'inject':
        this.#tell((effects) => this.#inject(answer.packets, now, effects));
        return;
      case 'note':
        this.#tell((effects) => this.#side.note('program', answer.text, null, effects));
        return;
      case 'verdict':
        this.#judge(answer, now);
    }
  }

  #judge(verdict: VerdictAnswer, now: number): void {
    if (verdict.id > this.#packets) {
      this.#complain(`Verdict ${verdict.id}: there is no such packet`, now);
      return;
    }
    const packet = this.#settle(verdict.id, verdict, now);
    this.#owes = this.#room.size > 0;
    if (packet === undefined) {
      this.counters.late += 1;
      return;
    }
    this.counters.answered += 1;
    const { action, flow, error } = verdict;
    if (!flow || error !== null || !(action === 'pass' || action === 'drop')) return;
    const own = this.#known.get(packet.flow);
    if (own === undefined) return;
    own.verdict = action;
    // What of the flow waits already is part of its rest.
    for (const other of [...own.forward, ...own.reverse])
      if (other.decision === null) this.#settle(other.id, action, now);
  }

  /** Gives a packet its decision; it leaves when those before it have. Undefined: it does not wait. */
  #settle(id: number, decision: Decision, now: number): HeldPacket | undefined {
    const packet = this.#room.take(id);
    if (packet === undefined) return undefined;
    packet.decision = decision;
    const line = this.#known.get(packet.flow)?.line(packet.isForward) ?? [];
    for (;;) {
      const [first] = line;
      if (first === undefined || first.decision === null) break;
      line.shift();
      if (first.id === 0) this.#behind -= 1;
      this.#release(first, first.decision, now);
    }
    return packet;
  }

  #release(packet: HeldPacket, decision: Decision, now: number): void {
    const { bytes, flow, isForward, effects, message } = packet;
    const view = this.#view;
    view.load(bytes, 0, bytes.length);
    const occasion: Occasion = { flow, view, isForward, now, effects };
    if (typeof decision === 'string') {
      if (decision === 'pass') this.#letGo(occasion, bytes);
      return;
    }
    const { action, inject, data, note, error } = decision;
    const own = this.#known.get(flow);
    if (data !== undefined && own !== undefined) own.data = data;
    this.#inject(inject, now, effects);
    if (note !== null) this.#side.note(`program/${action}`, note, view, effects);
    if (error !== null) {
      this.counters.failed += 1;
      this.#side.fault(`Program could not tell: ${error}`, this.counters.failed, effects);
      if (this.#options.onError === 'pass') this.#letGo(occasion, bytes);
      return;
    }
    const actions = actionsOf(this.#program, action, decision.flow);
    const disposition =
      actions.length === 0
        ? 'pass'
        : this.#side.perform(
            {
              name: `program/${action}`,
              index: this.#verdicts.indexOf(action),
              actions,
              words: note ?? 'verdict of the program',
            },
            message,
            occasion,
          );
    if (disposition === 'pass') this.#letGo(occasion, this.#changed(view, decision, now) ?? bytes);
    if (decision.flow) this.#side.leave(flow);
  }

  #changed(view: PacketView, { id, payload }: VerdictAnswer, now: number): Uint8Array | null {
    if (payload === null) return null;
    const packet = replacePayload(view, payload);
    if (packet === null)
      this.#complain(
        `Verdict ${id}: the payload of a fragment, of what is neither TCP nor UDP, or of TCP in another length cannot be replaced`,
        now,
      );
    return packet;
  }

  #letGo(occasion: Occasion, packet: Uint8Array): void {
    if (this.#options.position === 'in-path') this.#side.letGo(occasion, packet);
  }

  #inject(packets: readonly Uint8Array[], now: number, effects: Effects): void {
    for (const packet of packets) effects.emit(packet, now, 'injected');
    this.counters.injected += packets.length;
  }

  /** Decides a packet without the program, behind those of its flow that wait. */
  #inOrder(decision: 'pass' | 'drop', occasion: Occasion): Disposition {
    const { flow, isForward } = occasion;
    const line = this.#known.get(flow)?.line(isForward) ?? [];
    const isHeld = this.#options.position === 'in-path' && line.length > 0;
    if (decision === 'drop' || !isHeld || this.#behind >= BEHIND_EACH * this.#program.window)
      return decision;
    this.#behind += 1;
    line.push({ ...this.#hold(occasion, 0, null, null), decision });
    return 'taken';
  }

  #hold(
    occasion: Occasion,
    id: number,
    message: Message | null,
    told: ProgramFlow | null,
  ): HeldPacket {
    const { view, flow, isForward, effects, now } = occasion;
    return {
      id,
      bytes: Uint8Array.prototype.slice.call(view.memory, view.start, view.end),
      flow,
      isForward,
      message,
      effects,
      question: told === null ? '' : writeQuestion(id, occasion, message, told),
      deadline: this.#deadline(now),
      decision: null,
    };
  }

  #deadline(now: number): number {
    const patience = this.#isReady ? 0 : TAKE_OVER;
    return now + this.#program.timeout * 1000 + patience;
  }

  #tell(say: (effects: Effects) => void): void {
    if (this.#effects !== null) say(this.#effects);
    else if (this.#untold.length < UNTOLD) this.#untold.push(say);
  }

  #hearFirst(effects: Effects): void {
    this.#effects = effects;
    if (this.#untold.length === 0) return;
    for (const say of this.#untold) say(effects);
    this.#untold = [];
  }

  #send(item: string | HeldPacket): void {
    if (this.#link === null) return;
    this.#outbox.push(item);
    if (this.#outbox.length === 1) this.#link.wake();
  }

  #complain(fault: string, now: number): void {
    this.counters.faults += 1;
    this.#faultsInARow += 1;
    const { faults } = this.counters;
    this.#tell((effects) => this.#side.fault(`Program: ${fault}`, faults, effects));
    if (this.#faultsInARow >= FAULTS_IN_A_ROW)
      this.#giveUp(`it said nothing that makes sense ${FAULTS_IN_A_ROW} times in a row`, now);
  }

  get #verdicts(): readonly string[] {
    return ['pass', 'drop', 'reset', ...Object.keys(this.#program.actions)];
  }

  #giveUp(reason: string, now: number): void {
    const link = this.#link;
    this.detach(reason, now);
    link?.end(reason);
  }
}
