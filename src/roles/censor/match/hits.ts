/** The sets in which something was found; used again for each question, so that asking allocates nothing. */
export class Hits {
  /** Ids in the order found; only the first `count` are of this question. */
  readonly ids: number[] = [];
  count = 0;
  readonly #stamps: Int32Array;
  #stamp = 0;

  /** `sets`: ids are below it. */
  constructor(sets: number) {
    this.#stamps = new Int32Array(sets);
  }

  clear(): void {
    this.count = 0;
    this.#stamp = (this.#stamp + 1) | 0;
  }

  add(id: number): void {
    if (this.has(id)) return;
    this.#stamps[id] = this.#stamp;
    this.ids[this.count] = id;
    this.count += 1;
  }

  has(id: number): boolean {
    return this.#stamps[id] === this.#stamp;
  }
}
