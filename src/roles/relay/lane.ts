// One direction of a session: what one side sends becomes messages, each takes a seat, and what becomes of it goes to the other side.
import type { Framer, Side } from '../../wire/protocol/contract.ts';
import { Departures } from './departures.ts';
import { Desk } from './desk.ts';
import { Outlet } from './deliver/outlet.ts';
import { FaultChain } from './faults/fault-chain.ts';
import type { ByteSink, StreamEnd } from './faults/pipe.ts';
import { HOOKS } from './hook.ts';
import { Intake, type IntakeHost } from './intake.ts';
import type { LaneHost } from './lane-host.ts';
import { Seat } from './seat.ts';
import type { Shared } from './shared.ts';

const MICROS = 1000;

export class Lane implements IntakeHost {
  readonly side: Side;
  readonly outlet: Outlet;
  readonly #shared: Shared;
  readonly #host: LaneHost;
  readonly #desk: Desk;
  readonly #departures: Departures;
  readonly #faults: FaultChain;
  readonly #intake: Intake;
  /** Messages that came. */
  #count = 0;
  /** Bytes that the port could not send yet. */
  #unsent = 0;
  /** Whether nothing passes any more. */
  #isBlack = false;
  /** Whether what was sent is followed by the end of the session. */
  #isClosing = false;
  #hasEnded = false;
  /** Whether its end was told to what comes behind. */
  #hasPassedEnd = false;

  /** `sink`: what leads to the other side. */
  constructor(
    side: Side,
    shared: Shared,
    host: LaneHost,
    framer: Framer,
    sink: ByteSink,
    now: number,
  ) {
    this.side = side;
    this.#shared = shared;
    this.#host = host;
    const direction = side === 'client' ? 'upstream' : 'downstream';
    this.#faults = new FaultChain({ direction, session: host.number, seed: shared.seed }, sink);
    this.#faults.set(shared.faults, now);
    this.outlet = new Outlet(this.#faults, host.timers);
    const retry = (seat: Seat, then: number): void => this.retry(seat, then);
    this.#desk = new Desk(side, shared, host, retry);
    this.#departures = new Departures({
      outlet: this.outlet,
      patience: shared.spec.limits.processTimeout * MICROS,
      send: (seat, then) => this.#judgeOutbound(seat, then),
      count: () => {
        shared.tally.messagesOut[side] += 1;
      },
      conclude: (ending, then) => host.conclude(ending, side, then),
    });
    this.#intake = new Intake(framer, shared.spec.protocol.frame, this);
  }

  get nextDue(): number {
    return this.#faults.nextDue;
  }

  /** Whether so much waits that no more is to be read. */
  get isFull(): boolean {
    const { seats, bytes } = this.#shared.spec.limits;
    const { seats: taken, bytes: seated } = this.#departures;
    if (taken >= seats) return true;
    return seated + this.#unsent + this.outlet.waiting + this.#faults.waiting >= bytes;
  }

  /** Whether its sender sends no more, and nobody is told. */
  get isSwallowed(): boolean {
    return this.#hasEnded && this.#isBlack && !this.#isClosing;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  receive(bytes: Uint8Array, now: number): void {
    if (!this.#isBlack && !this.#hasEnded) this.#intake.receive(bytes, now);
  }

  /** Its sender sends no more. */
  end(now: number): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (!this.#isBlack) this.#intake.end(now);
  }

  /** Lets go what can, before memory that came with a call is gone. */
  settle(now: number): void {
    if (this.#isBlack) return;
    if (this.#hasEnded && !this.#hasPassedEnd) {
      this.#departures.finish(now);
      if (this.#departures.isEmpty) {
        this.#hasPassedEnd = true;
        this.outlet.end('fin', now);
      }
    }
    this.outlet.flush(now);
  }

  retry(seat: Seat, now: number): void {
    if (!this.#isBlack) this.#departures.retry(seat, now);
  }

  expire(now: number): void {
    this.#faults.expire(now);
  }

  drained(waiting: number): void {
    this.#unsent = waiting;
  }

  /** The faults of the relay are others. */
  changeFaults(now: number): void {
    this.#faults.set(this.#shared.faults, now);
  }

  /** From now on nothing passes, nor what waits. */
  blacken(now: number): void {
    this.outlet.flush(now);
    this.#isBlack = true;
    this.#departures.clear();
    this.#intake.clear();
  }

  /** What was sent is the last: behind it the session ends. */
  close(how: StreamEnd, now: number): void {
    this.#isClosing = true;
    this.blacken(now);
    this.outlet.end(how, now);
  }

  /** Sends a message of the relay's own between the others. */
  inject(bytes: Uint8Array, now: number): void {
    if (this.#isBlack || this.#hasPassedEnd) return;
    this.#shared.tally.messagesOut[this.side] += 1;
    this.outlet.send(bytes, now);
  }

  // What its intake gives.

  /** Whether a message has ended its session or lane. */
  get isStopped(): boolean {
    return this.#isBlack || this.#host.isOver;
  }

  message(view: Uint8Array, now: number): void {
    const { tally, protocol, standingOf } = this.#shared;
    tally.messagesIn[this.side] += 1;
    this.#count += 1;
    this.#host.witness?.came(this.side, view);
    if (this.#isPlain()) {
      tally.messagesOut[this.side] += 1;
      this.outlet.send(view, now);
      return;
    }
    const type = protocol.typeOf(view, this.side);
    const seat = new Seat(this.#count, type, view, standingOf(type));
    this.#desk.handle(seat, HOOKS[this.side].ingress, now);
    this.#departures.enter(seat, now);
  }

  /** Nothing crosses bytes that are no message. */
  remainder(bytes: Uint8Array, now: number): void {
    if (bytes.length > 0) this.#departures.enter(new Seat(0, '', bytes, 'barrier'), now);
  }

  /** Views of memory that will be another's are written before. */
  flush(now: number): void {
    this.outlet.flush(now);
  }

  framingFault(reason: string, rest: Uint8Array, now: number): void {
    this.#shared.tally.framingFaults += 1;
    this.#host.note(`Messages of the ${this.side} cannot be told apart any more: ${reason}`);
    if (this.#shared.spec.onFramingFault === 'pass') {
      this.remainder(rest, now);
      return;
    }
    const seat = new Seat(0, '', rest, 'barrier');
    seat.isDropped = true;
    seat.ending = 'framing-fault';
    this.#departures.enter(seat, now);
  }

  /** Its type may be another than that with which it came. */
  #judgeOutbound(seat: Seat, now: number): void {
    const { hooks, fuzzing, protocol } = this.#shared;
    const { egress } = HOOKS[this.side];
    const { holds, witness } = this.#host;
    if (seat.message === 0) return;
    if (!hooks[egress].isIdle || !holds.isEmpty || fuzzing?.isAt(egress) === true) {
      seat.type = protocol.typeOf(seat.bytes, this.side);
      this.#desk.handle(seat, egress, now);
    }
    if (!seat.isDropped) witness?.sent(this.side, seat, now);
  }

  /** Whether nothing is done to messages, and none waits. */
  #isPlain(): boolean {
    const { hooks, fuzzing, remembered } = this.#shared;
    const { ingress, egress } = HOOKS[this.side];
    return (
      hooks[ingress].isIdle &&
      hooks[egress].isIdle &&
      this.#departures.isEmpty &&
      this.#host.holds.isEmpty &&
      remembered[this.side].size === 0 &&
      (fuzzing === null || (!fuzzing.isAt(ingress) && !fuzzing.isAt(egress)))
    );
  }
}
