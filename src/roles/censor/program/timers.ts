/** Timers that a program has asked for, by name: asking again for one that runs starts it anew. Bounded. */
export class Timers {
  readonly #due = new Map<string, number>();

  /** When the first is due, microseconds since the epoch; Infinity when none runs. */
  get nextDue(): number {
    let first = Infinity;
    for (const at of this.#due.values()) first = Math.min(first, at);
    return first;
  }

  /** False when too many run. */
  set(name: string, at: number): boolean {
    if (this.#due.size >= LIMIT && !this.#due.has(name)) return false;
    this.#due.set(name, at);
    return true;
  }

  /** Takes out those due by `now`, in the order in which they were due. */
  take(now: number): readonly string[] {
    const due = [...this.#due].filter(([, at]) => at <= now);
    for (const [name] of due) this.#due.delete(name);
    return due.sort(([, left], [, right]) => left - right).map(([name]) => name);
  }

  clear(): void {
    this.#due.clear();
  }
}

const LIMIT = 256;
