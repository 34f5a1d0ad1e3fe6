// Throttling of one direction of one flow by a token bucket (RFC 2697 in one colour): policing drops what exceeds the rate, shaping delays it.
import type { ThrottleAction } from '../../../model/censor-action.ts';

/** Bytes that may wait for a shaped rate before packets are dropped: about 43 full segments. */
export const SHAPER_QUEUE = 65_536;

/** Microseconds after a held packet in which another may not pass it by: whoever emits held packets may be late by some. */
const OVERTAKING = 20_000;

/** What `admit` says of a packet that may not pass at all. */
export const REFUSED = -1;

export class Limiter {
  readonly #mode: 'police' | 'shape';
  /** Bytes in a microsecond. */
  readonly #rate: number;
  readonly #burst: number;
  /** Below zero: bytes that are waiting. */
  #tokens: number;
  #updated: number;
  #lastHeld = -Infinity;

  constructor(action: ThrottleAction, now: number) {
    this.#mode = action.mode;
    this.#rate = action.rate / 8e6;
    this.#burst = action.burst;
    this.#tokens = action.burst;
    this.#updated = now;
  }

  /** When a packet of `length` bytes leaves: `now` to pass, later to be held until then, or `REFUSED`. */
  admit(length: number, now: number): number {
    if (now > this.#updated) {
      this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#updated) * this.#rate);
      this.#updated = now;
    }
    // A packet longer than the burst passes a full bucket and leaves a debt: the rate holds and nothing is stuck for ever.
    if (this.#tokens >= Math.min(length, this.#burst)) {
      this.#tokens -= length;
      return now - this.#lastHeld < OVERTAKING ? now + 1 : now;
    }
    if (this.#mode === 'police') return REFUSED;
    if (length - this.#tokens > SHAPER_QUEUE) return REFUSED;
    this.#tokens -= length;
    this.#lastHeld = Math.ceil(now - this.#tokens / this.#rate);
    return this.#lastHeld;
  }
}
