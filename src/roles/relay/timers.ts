/** What is to be done at a time, the earliest first; of the same time what was set first. Nothing is taken back: an act looks whether it is still wanted. */
export class Timers {
  readonly #heap: Entry[] = [];
  #order = 0;

  /** Microseconds since the epoch; Infinity: nothing. */
  get nextDue(): number {
    return this.#heap[0]?.at ?? Infinity;
  }

  set(at: number, act: (now: number) => void): void {
    const entry: Entry = { at, order: this.#order, act };
    this.#order += 1;
    const heap = this.#heap;
    let place = heap.length;
    while (place > 0) {
      const above = heap[(place - 1) >>> 1];
      if (above === undefined || !isBefore(entry, above)) break;
      heap[place] = above;
      place = (place - 1) >>> 1;
    }
    heap[place] = entry;
  }

  /** Does all that is due by `now`, also what that sets for it. */
  run(now: number): void {
    while (this.nextDue <= now) this.#take()?.act(now);
  }

  #take(): Entry | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (last === undefined || last === first) return first;
    let place = 0;
    for (;;) {
      const left = heap[2 * place + 1];
      const right = heap[2 * place + 2];
      const isRight = left !== undefined && right !== undefined && isBefore(right, left);
      const below = isRight ? right : left;
      if (below === undefined || !isBefore(below, last)) break;
      heap[place] = below;
      place = 2 * place + (isRight ? 2 : 1);
    }
    heap[place] = last;
    return first;
  }
}

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly act: (now: number) => void;
}

const isBefore = (left: Entry, right: Entry): boolean =>
  left.at < right.at || (left.at === right.at && left.order < right.order);
