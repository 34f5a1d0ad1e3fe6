// When a session is over because nothing has come for so long.
import type { RelaySpec } from '../../model/relay.ts';

/** Milliseconds for which a client that speaks in datagrams is remembered where nothing is said. */
const DATAGRAM_IDLE = 60_000;

/** Microseconds; Infinity: a session may be idle for ever. */
export const idleLimit = ({ limits, listen }: Pick<RelaySpec, 'limits' | 'listen'>): number =>
  (limits.idleTimeout || (listen.kind === 'udp' ? DATAGRAM_IDLE : Infinity)) * 1000;

/** Times are microseconds. */
export class IdleClock {
  /** When that has to be looked at. */
  due: number;
  readonly #limit: number;
  #heard: number;

  /** `limit`: Infinity where there is none. */
  constructor(limit: number, now: number) {
    this.#limit = limit;
    this.#heard = now;
    this.due = now + limit;
  }

  /** Something has come. */
  hear(now: number): void {
    this.#heard = now;
  }

  /** Whether the time is over; what has come since it was set puts it off. */
  hasRunOut(now: number): boolean {
    if (this.due > now) return false;
    this.due = this.#heard + this.#limit;
    return this.due <= now;
  }
}
