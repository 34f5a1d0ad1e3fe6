// Messages that another thread has. All are given the same time, so that the oldest is the first that is due.
import type { Side } from '../../wire/protocol/contract.ts';
import type { Seat } from './seat.ts';

export interface Errand {
  readonly seat: Seat;
  readonly side: Side;
  /** Microseconds since the epoch. */
  readonly deadline: number;
}

export class Errands {
  readonly #open = new Map<number, Errand>();
  #last = 0;

  get nextDue(): number {
    if (this.#open.size === 0) return Infinity;
    const [first] = this.#open.values();
    return first?.deadline ?? Infinity;
  }

  /** Gives its ticket. */
  add(errand: Errand): number {
    this.#last += 1;
    this.#open.set(this.#last, errand);
    return this.#last;
  }

  /** Undefined: it has been given up. */
  take(ticket: number): Errand | undefined {
    const errand = this.#open.get(ticket);
    this.#open.delete(ticket);
    return errand;
  }

  /** Gives up those whose time is over. */
  takeOverdue(now: number): readonly Errand[] {
    const overdue: Errand[] = [];
    for (const [ticket, errand] of this.#open) {
      if (errand.deadline > now) break;
      this.#open.delete(ticket);
      overdue.push(errand);
    }
    return overdue;
  }
}
