// Throttling of one direction, of one flow or of all of a rule, by a token bucket (RFC 2697 in one colour): policing drops what exceeds the rate, shaping delays it.
import type { ThrottleAction } from '../../../model/censor-action.ts';
import { REFUSED, type Step } from './step.ts';

/** Bytes that may wait for a shaped rate before packets are dropped: about 43 full segments. */
export const SHAPER_QUEUE = 65_536;

export class Limiter implements Step {
  readonly #mode: 'police' | 'shape';
  /** Bytes in a microsecond. */
  readonly #rate: number;
  readonly #burst: number;
  /** Below zero: bytes that are waiting. */
  #tokens: number;
  #updated: number;

  constructor(action: ThrottleAction, now: number) {
    this.#mode = action.mode;
    this.#rate = action.rate / 8e6;
    this.#burst = action.burst;
    this.#tokens = action.burst;
    this.#updated = now;
  }

  admit(length: number, now: number): number {
    if (now > this.#updated) {
      this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#updated) * this.#rate);
      this.#updated = now;
    }
    // A packet longer than the burst passes a full bucket and leaves a debt: the rate holds and nothing is stuck for ever.
    if (this.#tokens >= Math.min(length, this.#burst)) {
      this.#tokens -= length;
      return now;
    }
    if (this.#mode === 'police') return REFUSED;
    if (length - this.#tokens > SHAPER_QUEUE) return REFUSED;
    this.#tokens -= length;
    return Math.ceil(now - this.#tokens / this.#rate);
  }
}
