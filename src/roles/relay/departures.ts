// When messages leave: in the order of their seats as far as the relay keeps it, and not while they are held, delayed, or with another thread.
import { OrderLine } from './order/order-line.ts';
import type { Outlet } from './deliver/outlet.ts';
import type { Seat, SeatEnding } from './seat.ts';

export interface DeparturesOptions {
  readonly outlet: Outlet;
  /** Microseconds for which those wait that others are to follow. */
  readonly patience: number;
  /** Judges a message as about to be sent. */
  readonly send: (seat: Seat, now: number) => void;
  /** A message has been sent. */
  readonly count: () => void;
  readonly conclude: (ending: SeatEnding, now: number) => void;
}

const NOTHING = new Uint8Array(0);

export class Departures {
  /** Messages that wait, and their bytes. */
  seats = 0;
  bytes = 0;
  readonly #options: DeparturesOptions;
  readonly #line: OrderLine<Seat>;
  /** Those that let others overtake them. */
  #aside: readonly Seat[] = [];
  /** One that is held, and all behind it. */
  #gate: Seat | null = null;

  constructor(options: DeparturesOptions) {
    this.#options = options;
    this.#line = new OrderLine((seat, now) => this.#go(seat, now));
  }

  get isEmpty(): boolean {
    return this.#line.size === 0 && this.#aside.length === 0;
  }

  /** Takes one that has its seat; it leaves at once if it can. */
  enter(seat: Seat, now: number): void {
    if (this.#line.size > 0 || !this.#go(seat, now)) {
      this.#line.add(seat);
      if (this.#line.size > 1) this.#line.offer(seat, now);
    }
    if (!seat.isGone) this.#wait(seat);
  }

  /** One that may be ready by now. */
  retry(seat: Seat, now: number): void {
    if (seat.isGone) return;
    if (!seat.isAside) this.#line.offer(seat, now);
    else if (this.#go(seat, now)) this.#aside = this.#aside.filter((other) => other !== seat);
  }

  /** None follow any more: those that wait to be overtaken leave behind the others. */
  finish(now: number): void {
    if (this.#line.size > 0) return;
    for (const seat of this.#aside) {
      seat.behind = 0;
      this.retry(seat, now);
    }
  }

  /** Nothing of it leaves. */
  clear(): void {
    this.#line.clear();
    this.#aside = [];
    this.#gate = null;
    this.seats = 0;
    this.bytes = 0;
  }

  /** One whose turn it is; whether it has left the line. */
  #go(seat: Seat, now: number): boolean {
    for (;;) {
      if (this.#gate !== null && this.#gate !== seat) return false;
      if (seat.isAway || seat.notBefore > now) return false;
      if (seat.hold?.isOver === false) {
        this.#gate = seat;
        return false;
      }
      if (seat.behind > 0) return this.#setAside(seat, now);
      if (seat.isOutbound) break;
      seat.isOutbound = true;
      this.#options.send(seat, now);
    }
    this.#deliver(seat, now);
    this.#openGate(seat, now);
    return true;
  }

  #openGate(seat: Seat, now: number): void {
    if (this.#gate !== seat) return;
    this.#gate = null;
    this.#line.offerAll(now);
  }

  #setAside(seat: Seat, now: number): boolean {
    if (seat.isAside) return false;
    seat.isAside = true;
    this.#aside = [...this.#aside, seat];
    this.#openGate(seat, now);
    return true;
  }

  #deliver(seat: Seat, now: number): void {
    const { outlet, patience, conclude } = this.#options;
    seat.isGone = true;
    if (seat.isWaiting) {
      this.seats -= 1;
      this.bytes -= seat.weight;
    }
    if (seat.following > 0) outlet.gather(seat.following, now + patience);
    for (const bytes of seat.before ?? []) this.#sendOwn(bytes, now);
    if (!seat.isDropped)
      for (let copy = 0; copy < seat.copies; copy += 1) this.#sendSeat(seat, now);
    for (const bytes of seat.after ?? []) this.#sendOwn(bytes, now);
    if (this.#aside.length > 0 && !seat.isDropped) this.#letPass(seat, now);
    // A timer may still know the seat.
    seat.bytes = NOTHING;
    if (seat.ending !== null) conclude(seat.ending, now);
  }

  #sendSeat({ message, bytes, splitting }: Seat, now: number): void {
    const { outlet, count } = this.#options;
    if (message > 0) count();
    if (splitting === null) outlet.send(bytes, now);
    else outlet.split(bytes, splitting, now);
  }

  /** What a rule sends. */
  #sendOwn(bytes: Uint8Array, now: number): void {
    this.#options.count();
    this.#options.outlet.send(bytes, now);
  }

  /** Another has gone before those that wait for that. */
  #letPass(passing: Seat, now: number): void {
    for (const seat of this.#aside) {
      if (seat === passing || seat.behind === 0) continue;
      seat.behind -= 1;
      if (seat.behind === 0) this.retry(seat, now);
    }
  }

  #wait(seat: Seat): void {
    seat.own();
    seat.isWaiting = true;
    seat.weight = seat.bytes.length;
    this.seats += 1;
    this.bytes += seat.weight;
  }
}
