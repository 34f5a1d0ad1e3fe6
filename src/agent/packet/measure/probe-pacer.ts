// When the short probes of a link leave. Pure.
import type { ProbePlan } from './probe-plan.ts';

/** Frames that may leave without a look at what has arrived: a fraction of the smallest ring on their way. */
export const MOST_AT_ONCE = 64;

/** Paces by the clock, not by the timer: one that fires late is made up for, as far as the rings on the way allow. */
export class ProbePacer {
  readonly #plan: Pick<ProbePlan, 'probes' | 'perMilli'>;
  #start: number;
  #sent = 0;

  /** `start` and the times given to `take` are milliseconds of one clock. */
  constructor(plan: Pick<ProbePlan, 'probes' | 'perMilli'>, start: number) {
    this.#plan = plan;
    this.#start = start;
  }

  get isDone(): boolean {
    return this.#sent >= this.#plan.probes;
  }

  /** How many frames leave now. Those of a long delay that are too many for one turn move all later ones. */
  take(now: number): number {
    const { probes, perMilli } = this.#plan;
    const due = Math.floor(1 + (now - this.#start) * perMilli) - this.#sent;
    if (due > MOST_AT_ONCE) this.#start += (due - MOST_AT_ONCE) / perMilli;
    const count = Math.max(0, Math.min(due, MOST_AT_ONCE, probes - this.#sent));
    this.#sent += count;
    return count;
  }
}
