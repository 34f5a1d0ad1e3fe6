// When to send again: RFC 6298.
import { NEVER, type TcpSettings } from './settings.ts';

/** The gain of the smoothed round-trip time and of its variation, and what K of the RFC is. */
const ALPHA = 1 / 8;
const BETA = 1 / 4;
const K = 4;

export class RetransmissionTimer {
  /** Microseconds since the epoch; Infinity while it does not run. */
  due: number = NEVER;
  /** How often it ran out since something was last acknowledged. */
  expirations = 0;
  readonly #settings: TcpSettings;
  #timeout: number;
  #smoothed: number | null = null;
  #variation = 0;

  constructor(settings: TcpSettings) {
    this.#settings = settings;
    this.#timeout = settings.initialTimeout;
  }

  /** Microseconds, the back-off included. */
  get timeout(): number {
    return Math.min(this.#settings.maximumTimeout, this.#timeout * 2 ** this.expirations);
  }

  start(now: number): void {
    this.due = now + this.timeout;
  }

  stop(): void {
    this.due = NEVER;
  }

  /** "The host MUST set RTO <- RTO * 2" (section 5.5). */
  backOff(now: number): void {
    this.expirations += 1;
    this.start(now);
  }

  /** Something new was acknowledged. */
  progress(): void {
    this.expirations = 0;
  }

  /** A round trip of a segment that was sent once, in microseconds (section 2.2 and 2.3). */
  sample(roundTrip: number): void {
    if (this.#smoothed === null) {
      this.#smoothed = roundTrip;
      this.#variation = roundTrip / 2;
    } else {
      const difference = Math.abs(this.#smoothed - roundTrip);
      this.#variation = (1 - BETA) * this.#variation + BETA * difference;
      this.#smoothed = (1 - ALPHA) * this.#smoothed + ALPHA * roundTrip;
    }
    const { minimumTimeout, maximumTimeout } = this.#settings;
    const wished = this.#smoothed + K * this.#variation;
    this.#timeout = Math.min(maximumTimeout, Math.max(minimumTimeout, wished));
  }
}
