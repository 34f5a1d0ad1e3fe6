import { REFUSED, type Step } from './step.ts';
import { type Term, isWithin } from './term.ts';

/** Microseconds after a held packet in which another may not pass it by: whoever emits held packets may be late by some. */
const OVERTAKING = 20_000;

interface TimedStep {
  readonly step: Step;
  readonly term: Term;
}

/** The steps that packets of one direction of a flow pass, one after the other. Order is kept. */
export class Lane {
  readonly #steps: TimedStep[] = [];
  /** Of the next packet alone. */
  readonly #once: Step[] = [];
  #lastHeld = -Infinity;

  add(step: Step, term: Term): void {
    this.#steps.push({ step, term });
  }

  addOnce(step: Step): void {
    this.#once.push(step);
  }

  /** The packet that `addOnce` was told of does not come this way. */
  forgetOnce(): void {
    this.#once.length = 0;
  }

  /** When a packet leaves: `now` to pass, later, or `REFUSED`. A step sees only what those before it let out. */
  admit(length: number, now: number): number {
    let at = now;
    for (const { step, term } of this.#steps) {
      if (!isWithin(term, now)) continue;
      at = step.admit(length, at);
      if (at === REFUSED) break;
    }
    for (const step of this.#once) if (at !== REFUSED) at = step.admit(length, at);
    this.#once.length = 0;
    if (at === REFUSED) return REFUSED;
    if (at <= now && now - this.#lastHeld >= OVERTAKING) return now;
    return this.hold(Math.max(at, now + 1));
  }

  /** When a packet leaves that cannot pass by itself and may leave at `at`: not before those that are held. */
  hold(at: number): number {
    this.#lastHeld = Math.max(this.#lastHeld, at);
    return this.#lastHeld;
  }
}
