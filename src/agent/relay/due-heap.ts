/** What is to be done at which time, the earliest first. An entry stays until its time has come, wanted or not. */
export class DueHeap<T> {
  readonly #entries: { readonly due: number; readonly item: T }[] = [];

  /** Infinity: nothing. */
  get nextDue(): number {
    return this.#entries[0]?.due ?? Infinity;
  }

  add(due: number, item: T): void {
    const entries = this.#entries;
    let at = entries.length;
    const entry = { due, item };
    for (; at > 0;) {
      const parent = (at - 1) >> 1;
      const above = entries[parent];
      if (!above || above.due <= due) break;
      entries[at] = above;
      at = parent;
    }
    entries[at] = entry;
  }

  /** The item that is due by `now`; undefined: none is. */
  take(now: number): T | undefined {
    const entries = this.#entries;
    const [first] = entries;
    if (!first || first.due > now) return undefined;
    const last = entries.pop();
    if (last && entries.length > 0) this.#sink(last);
    return first.item;
  }

  #sink(entry: { readonly due: number; readonly item: T }): void {
    const entries = this.#entries;
    let at = 0;
    for (;;) {
      const left = entries[2 * at + 1];
      const right = entries[2 * at + 2];
      const isRight = right !== undefined && left !== undefined && right.due < left.due;
      const least = isRight ? right : left;
      if (!least || least.due >= entry.due) break;
      entries[at] = least;
      at = 2 * at + (isRight ? 2 : 1);
    }
    entries[at] = entry;
  }
}
