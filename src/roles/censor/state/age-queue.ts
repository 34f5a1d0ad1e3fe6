// Flows of one stage in the order of their last packet: the first to be over is the first in line. Links lie in the flows themselves.
/** Order is kept this exactly, in microseconds, so that a busy flow does not rewrite the links for each packet. */
const TOUCH_INTERVAL = 100_000;

/** What a queue needs of a flow. */
interface Aged<T extends Aged<T>> {
  queue: AgeQueue<T> | null;
  older: T | null;
  younger: T | null;
  /** Microseconds: its last packet, and when it was last moved to the young end. */
  lastSeen: number;
  touched: number;
}

export class AgeQueue<T extends Aged<T>> {
  /** Microseconds of silence after which a flow of this stage is over. */
  readonly limit: number;
  oldest: T | null = null;
  #youngest: T | null = null;

  constructor(limit: number) {
    this.limit = limit;
  }

  append(flow: T): void {
    flow.queue = this;
    flow.older = this.#youngest;
    if (this.#youngest === null) this.oldest = flow;
    else this.#youngest.younger = flow;
    this.#youngest = flow;
  }

  unlink(flow: T): void {
    if (flow.older === null) this.oldest = flow.younger;
    else flow.older.younger = flow.younger;
    if (flow.younger === null) this.#youngest = flow.older;
    else flow.younger.older = flow.older;
    flow.older = null;
    flow.younger = null;
    flow.queue = null;
  }

  /** A packet of `flow` came. */
  touch(flow: T, now: number): void {
    flow.lastSeen = now;
    if (now - flow.touched <= TOUCH_INTERVAL) return;
    flow.touched = now;
    if (this.#youngest === flow) return;
    this.unlink(flow);
    this.append(flow);
  }

  isOver(flow: T, now: number): boolean {
    return now - flow.lastSeen > this.limit;
  }
}
