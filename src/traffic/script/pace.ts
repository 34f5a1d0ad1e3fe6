// When an instruction may begin and must be done. Times are microseconds since the epoch.
import type { Instruction } from '../../model/script.ts';

type Timed = Pick<Instruction, 'after' | 'at' | 'within'>;

/** By how much an instruction may make up for the lateness of the one before: so lateness does not add up. */
const MADE_UP = 1000;

const NEVER = Infinity;

export class Pace {
  /** When the whole program must be done. */
  limit: number = NEVER;
  /** When the instruction that has begun must be done. */
  deadline: number = NEVER;
  #begin = Infinity;
  /** What `after` counts from. */
  #base = Infinity;

  /** `timeout` in milliseconds. */
  start(now: number, timeout: number): void {
    this.#begin = now;
    this.#base = now;
    this.limit = now + timeout * 1000;
  }

  get hasStarted(): boolean {
    return this.#begin !== Infinity;
  }

  /** Nothing on a channel counts from before it was open. */
  notBefore(opened: number): void {
    if (opened > this.#base) this.#base = opened;
  }

  due({ after, at }: Timed): number {
    const due = this.#base + after * 1000;
    return at === null ? due : Math.max(due, this.#begin + at * 1000);
  }

  begun({ within }: Timed, now: number): void {
    this.deadline = within === null ? Infinity : now + within * 1000;
  }

  /** What was a little late keeps to its schedule; what had to wait for something begins a new one. */
  done(instruction: Timed, now: number): void {
    const isTimed = instruction.after > 0 || instruction.at !== null;
    const due = isTimed ? Math.max(this.due(instruction), now - MADE_UP) : now;
    this.#base = Math.min(now, due);
    this.deadline = Infinity;
  }
}
