// Where a censor asks its program: packets wait here, copied, until the program has said what becomes of them or its time is over.
// It never waits itself, and whatever the program does costs no more than its own packets.
import type { CensorProgram } from '../../../model/censor.ts';
import type { Disposition } from '../../../model/middlebox.ts';
import type { Message } from '../inspect/message.ts';
import type { Occasion } from '../occasion.ts';
import type { Flow } from '../state/flow.ts';
import type { Answer, VerdictAnswer } from './answer.ts';
import type { DeskOptions } from './desk-options.ts';
import { LineReader } from './line-reader.ts';
import { PacketOrder } from './packet-order.ts';
import { type ProgramCounters, noProgramCounters } from './program-counters.ts';
import { ProgramLine, type ProgramLink } from './program-line.ts';
import { readAnswers } from './read-answers.ts';
import { Teller } from './teller.ts';
import { Timers } from './timers.ts';
import { type ProgramSide, VerdictBearer } from './verdict-bearer.ts';
import type { HeldPacket } from './waiting-room.ts';
import { withData, writeHello } from './write-question.ts';

/** Lines that make no sense, without one that does in between. */
const FAULTS_IN_A_ROW = 100;

export class ProgramDesk {
  readonly counters: ProgramCounters = noProgramCounters();
  #program: CensorProgram;
  readonly #options: DeskOptions;
  readonly #side: ProgramSide;
  readonly #line = new ProgramLine<HeldPacket>();
  readonly #order: PacketOrder;
  readonly #bearer: VerdictBearer;
  readonly #timers = new Timers();
  readonly #teller = new Teller();
  #lines = new LineReader();
  #faultsInARow = 0;

  constructor(program: CensorProgram, options: DeskOptions, side: ProgramSide) {
    this.#program = program;
    this.#options = options;
    this.#side = side;
    this.#bearer = new VerdictBearer(options, side, this.counters, (fault, now) =>
      this.#complain(fault, now),
    );
    this.#order = new PacketOrder(options.position === 'in-path', (packet, decision, now) => {
      const own = this.#order.known(packet.flow);
      this.#bearer.bear(packet, decision, own, this.#program, now);
    });
  }

  get isReady(): boolean {
    return this.#line.isReady;
  }

  /** When `expire` has something to do, microseconds since the epoch. */
  get nextDue(): number {
    const deadline = this.#order.room.oldest?.deadline ?? Infinity;
    return Math.min(deadline, this.#timers.nextDue, this.#line.nextDue);
  }

  /** Other names of actions, time-outs and so on, from the next program on. */
  reload(program: CensorProgram): void {
    this.#program = program;
  }

  /** A program has been started. What waits for the one before is asked again. */
  attach(link: ProgramLink, now: number): void {
    this.#line.open(link, now);
    this.#lines = new LineReader();
    this.#faultsInARow = 0;
    this.#timers.clear();
    this.#line.send(writeHello(this.#options, this.#program));
    for (const packet of this.#order.room.all()) {
      packet.deadline = this.#deadline(now);
      this.#line.send(packet);
    }
  }

  /** The program is gone: what waits for it is decided by `onError`, and so is what comes until there is another. */
  detach(reason: string, now: number): void {
    this.#leave(reason, now);
  }

  /** Asks about the packet at hand. `message` is what it completed. */
  ask(occasion: Occasion, message: Message | null): Disposition {
    const { flow, now, effects } = occasion;
    const { onError, position } = this.#options;
    this.#teller.meet(effects);
    const own = this.#order.open(flow, now);
    if (own.verdict !== null) return this.#inOrder(own.verdict, occasion);
    if (!this.#line.isAttended) {
      this.counters.unattended += 1;
      return this.#inOrder(onError, occasion);
    }
    if (this.#order.room.size >= this.#program.window) {
      this.counters.overflowed += 1;
      return this.#inOrder(onError, occasion);
    }
    const packet = this.#order.ask(occasion, own, message, this.#deadline(now));
    this.#line.asks(now);
    this.counters.asked += 1;
    this.#line.send(packet);
    return position === 'in-path' ? 'taken' : 'pass';
  }

  /** A packet that passes: at once, or behind those of its flow and direction that wait. */
  pass(occasion: Occasion): Disposition {
    return this.#order.known(occasion.flow) === undefined
      ? 'pass'
      : this.#inOrder('pass', occasion);
  }

  /** Whether packets of the flow wait. */
  isWaiting(flow: Flow): boolean {
    return this.#order.known(flow)?.isWaiting === true;
  }

  /** What is to be sent now, as one line without its end; null when nothing is. */
  takeOutput(): string | null {
    return this.#line.takeOutput(({ question, flow }) =>
      withData(question, this.#order.known(flow)?.data ?? 'null'),
    );
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
      if (!this.#line.isOpen) return;
    }
  }

  /** Time has come to `now`. */
  expire(now: number): void {
    for (const name of this.#timers.take(now))
      this.#line.send(JSON.stringify({ timer: name, time: Math.round(now) }));
    let isLate = false;
    for (;;) {
      const { oldest } = this.#order.room;
      if (oldest === undefined || oldest.deadline > now) break;
      isLate = true;
      this.counters.timedOut += 1;
      this.#side.fault('Program gave no verdict in time', this.counters.timedOut, oldest.effects);
      this.#order.settle(oldest.id, this.#options.onError, now);
    }
    const fault = this.#line.fault(now, isLate, this.#program.timeout);
    if (fault !== null) this.#giveUp(fault, now);
  }

  #carryOut(answer: Answer, now: number): void {
    this.#faultsInARow = 0;
    this.#line.hears(now);
    switch (answer.kind) {
      case 'ready':
        this.#line.isReady = true;
        return;
      case 'timer':
        if (!this.#timers.set(answer.name, now + answer.after * 1000))
          this.#complain(`Timer "${answer.name}": too many run`, now);
        return;
      case 'inject':
        this.#teller.tell((effects) => this.#bearer.inject(answer.packets, now, effects));
        return;
      case 'note':
        this.#teller.tell((effects) => this.#side.note('program', answer.text, null, effects));
        return;
      case 'verdict':
        this.#judge(answer, now);
    }
  }

  #judge(verdict: VerdictAnswer, now: number): void {
    if (verdict.id > this.#order.lastId) {
      this.#complain(`Verdict ${verdict.id}: there is no such packet`, now);
      return;
    }
    const packet = this.#order.settle(verdict.id, verdict, now);
    this.#line.owes(this.#order.room.size > 0);
    if (packet === undefined) {
      this.counters.late += 1;
      return;
    }
    this.counters.answered += 1;
    const { action, flow, error } = verdict;
    if (!flow || error !== null || !(action === 'pass' || action === 'drop')) return;
    this.#order.settleRest(packet.flow, action, now);
  }

  #inOrder(decision: 'pass' | 'drop', occasion: Occasion): Disposition {
    return this.#order.inOrder(decision, occasion, this.#program.window);
  }

  #deadline(now: number): number {
    return now + this.#program.timeout * 1000 + this.#line.patience;
  }

  #fault(text: string, count: number): void {
    this.#teller.tell((effects) => this.#side.fault(text, count, effects));
  }

  #complain(fault: string, now: number): void {
    this.counters.faults += 1;
    this.#faultsInARow += 1;
    this.#fault(`Program: ${fault}`, this.counters.faults);
    if (this.#faultsInARow >= FAULTS_IN_A_ROW)
      this.#giveUp(`it said nothing that makes sense ${FAULTS_IN_A_ROW} times in a row`, now);
  }

  /** The way to the program that is no more; null when there was none. */
  #leave(reason: string, now: number): ProgramLink | null {
    const link = this.#line.close();
    if (link === null) return null;
    this.#timers.clear();
    this.counters.ended += 1;
    this.#fault(`Program ended: ${reason}`, this.counters.ended);
    for (const { id } of this.#order.room.all()) {
      this.counters.unattended += 1;
      this.#order.settle(id, this.#options.onError, now);
    }
    return link;
  }

  #giveUp(reason: string, now: number): void {
    this.#leave(reason, now)?.end(reason);
  }
}
