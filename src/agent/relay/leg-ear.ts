// One leg of a session as its courier hears it: whether it is read, and of its end, its failure and what waits on it each once.
import type { Side } from '../../wire/protocol/contract.ts';
import { LEG, type Leg } from './leg.ts';

/** What the session hears of its legs: that is `Session`'s. */
export interface LegListener {
  ended(from: Side, now: number): void;
  failed(from: Side, reason: string, now: number): void;
  drained(leg: Side, waiting: number, now: number): void;
}

export class LegEar {
  readonly leg: Leg;
  /** Bytes that came. */
  came = 0;
  /** Whether the session wants more of it. */
  isWanted = true;
  readonly #other: Leg;
  /** Bytes that may wait on the other leg before this one is no longer read. */
  readonly #mostWaiting: number;
  #hasEnded = false;
  #hasFailed = false;
  /** Bytes that the session knows to wait. */
  #told = 0;

  constructor(leg: Leg, other: Leg, mostWaiting: number) {
    this.leg = leg;
    this.#other = other;
    this.#mostWaiting = mostWaiting;
  }

  get isRead(): boolean {
    if (!this.isWanted || this.leg.fd < 0 || this.#hasEnded) return false;
    return this.#other.waiting <= this.#mostWaiting;
  }

  /** How many bytes came into `buffer`, or as `LEG` says. */
  read(buffer: Uint8Array): number {
    const came = this.leg.read(buffer);
    if (came === LEG.end) this.#hasEnded = true;
    return came;
  }

  tellEnd(session: LegListener, now: number): void {
    if (this.leg.failure === null) session.ended(this.leg.side, now);
    else this.tellFailure(session, now);
  }

  /** Of a leg that is not read, or no more; one that is read is heard to the end first. */
  tellFailure(session: LegListener, now: number): void {
    const { side, failure } = this.leg;
    if (failure === null || this.#hasFailed) return;
    this.#hasFailed = true;
    this.#hasEnded = true;
    session.failed(side, failure, now);
  }

  /** How much waits; whether that has changed. */
  tellWaiting(session: LegListener, now: number): boolean {
    const { side, waiting } = this.leg;
    if (this.#told === waiting) return false;
    this.#told = waiting;
    session.drained(side, waiting, now);
    return true;
  }
}
