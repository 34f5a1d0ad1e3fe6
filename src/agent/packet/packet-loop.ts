// The packet thread's loop: block until something can be read or is due, serve it, send all of it with few calls.
import type { FrameHandler, FrameMemory, PacketRing } from '../../kernel/packet-ring.ts';
import { Transmitter } from '../../kernel/transmitter.ts';
import { Waiter, clockMicros } from '../../kernel/waiter.ts';
import { type Ordered, serveInOrder } from './serve-in-order.ts';
import type { EmissionQueue } from './emission-queue.ts';
import { LogHistogram } from '../../base/log-histogram.ts';
import type { LossCounter } from './loss-report.ts';

/** Something that becomes readable. */
export interface PacketSource extends Ordered {
  readonly fd: number;
  /** Memory of what was served may be given back: all that was sent from it has left. */
  release(): void;
  close(): void;
}

/** What is done once a turn, when all of it has been sent. */
export interface TurnTask {
  afterTurn(): void;
  close(): void;
}

/** Something that has work to do when its time comes. */
export interface Clock {
  /** Microseconds since the epoch; now or earlier means at once. */
  readonly nextDue: number;
  onTime(now: number): void;
}

/** Packets of one source before the others have their turn: enough for one call to be shared, little enough to wait for. */
const BATCH = 256;
/** Frames that leave late by nothing but a full turn. */
const DEPARTURES = 256;
/** Microseconds between two reports of losses. */
const REPORT_EVERY = 1e6;

export class PacketLoop {
  readonly memory: FrameMemory;
  readonly queue: EmissionQueue;
  readonly transmitter: Transmitter;
  readonly #waiter: Waiter;
  readonly #sources: PacketSource[] = [];
  /** Those of this turn. */
  readonly #ready: PacketSource[] = [];
  readonly #clocks: Clock[] = [];
  readonly #counters: LossCounter[] = [];
  readonly #tasks: TurnTask[] = [];
  /** Microseconds for a packet, sending included. */
  readonly times: LogHistogram = new LogHistogram();
  /** Packets of the last turn, and of the one that had most. */
  packets = 0;
  mostPackets = 0;
  #reported = 0;

  /** `event` is the descriptor of the event that ends its wait. */
  constructor(memory: FrameMemory, queue: EmissionQueue, event: number) {
    this.#waiter = new Waiter(event);
    this.memory = memory;
    this.queue = queue;
    this.transmitter = new Transmitter(memory);
  }

  /** When this turn began, microseconds since the epoch. */
  get now(): number {
    return this.#waiter.now;
  }

  add(source: PacketSource): void {
    this.#waiter.watch(source.fd, this.#sources.length);
    this.#sources.push(source);
  }

  addTask(task: TurnTask): void {
    this.#tasks.push(task);
  }

  addClock(clock: Clock): void {
    this.#clocks.push(clock);
  }

  count(counter: LossCounter): void {
    this.#counters.push(counter);
  }

  /** Serves until `isStopped`; then what has arrived and what is due by then still leaves. */
  run(isStopped: () => boolean, afterTurn: () => void): void {
    for (;;) {
      const isLast = isStopped();
      this.#turn(this.#waiter.wait(isLast ? 0 : this.#nextDue));
      if (isLast || this.now - this.#reported > REPORT_EVERY) {
        for (const counter of this.#counters) counter.report();
        this.#reported = this.now;
      }
      afterTurn();
      if (isLast) break;
    }
    for (const task of this.#tasks) task.close();
    for (const source of this.#sources) source.close();
    this.#waiter.close();
  }

  get #nextDue(): number {
    let due = this.queue.nextDue;
    for (const clock of this.#clocks) due = Math.min(due, clock.nextDue);
    return due;
  }

  #turn(readable: number): void {
    const { queue, transmitter } = this;
    // What is due goes first: what arrived since may be sent at once and must not overtake it.
    queue.depart(this.now, DEPARTURES);
    const packets = this.#serve(readable);
    // After the sources: what this turn's packets have given to do is done in this turn.
    for (const clock of this.#clocks) if (clock.nextDue <= this.now) clock.onTime(this.now);
    transmitter.flush();
    if (packets > 0) this.#time(packets);
    for (const source of this.#ready) source.release();
    queue.reclaim();
    this.settle();
  }

  #serve(readable: number): number {
    const ready = this.#ready;
    ready.length = 0;
    for (let index = 0; index < readable; index += 1) {
      const source = this.#sources[this.#waiter.ready[index] ?? 0];
      if (source !== undefined) ready.push(source);
    }
    return serveInOrder(ready, BATCH, this.now);
  }

  /** Does what is done once a turn. */
  settle(): void {
    for (const task of this.#tasks) task.afterTurn();
  }

  #time(packets: number): void {
    this.times.add((clockMicros() - this.now) / packets, packets);
    this.packets = packets;
    this.mostPackets = Math.max(this.mostPackets, packets);
  }
}

/** The frames of a ring as a source. */
export const ringSource = (ring: PacketRing, handler: FrameHandler): PacketSource => ({
  fd: ring.fd,
  get nextTime() {
    return ring.nextTime;
  },
  serve: (limit, until) => ring.read(limit, handler, until),
  release: () => ring.release(),
  close: () => ring.close(),
});
