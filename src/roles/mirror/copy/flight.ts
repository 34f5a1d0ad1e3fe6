// What is under way to the target: by place in what is to be said, with the target's window, a window of congestion (RFC 5681) and the loss
// of segments (RFC 6582). A place counts bytes from the first; the end of the stream counts one.

/** Bytes that may be under way before anything is known: what RFC 6928 allows, times four, as the path is the lab's own. */
const INITIAL_WINDOW = 65_536;
/** "the third duplicate ACK" (RFC 5681 section 3.2). */
const DUPLICATES = 3;

export class Flight {
  /** The first place that is not acknowledged, that is said next, and behind all that was ever said. */
  acknowledged = 0;
  next = 0;
  highest = 0;
  /** The target's window in bytes. */
  window = 0;
  readonly #limit: number;
  #segmentSize = 1;
  #congestion = INITIAL_WINDOW;
  #threshold: number;
  #duplicates = 0;
  /** What was under way when a loss was seen: acknowledgments up to here ask for the next segment. */
  #recover: number | null = null;

  constructor(limit: number) {
    this.#limit = limit;
    this.#threshold = limit;
  }

  begin(place: number, segmentSize: number, window: number): void {
    this.acknowledged = this.next = this.highest = place;
    this.window = window;
    this.#segmentSize = segmentSize;
    this.#congestion = Math.min(this.#limit, INITIAL_WINDOW);
    this.#threshold = this.#limit;
    this.#duplicates = 0;
    this.#recover = null;
  }

  get size(): number {
    return this.next - this.acknowledged;
  }

  /** Bytes that may be said now. */
  get room(): number {
    return Math.min(this.window, this.#congestion, this.#limit) - this.size;
  }

  /** Said up to `place`. */
  advance(place: number): void {
    this.next = place;
    this.highest = Math.max(this.highest, place);
  }

  /** All before `place` has come. True when that shows that what is at `place` is lost as well. */
  acknowledge(place: number): boolean {
    const bytes = place - this.acknowledged;
    this.acknowledged = place;
    this.next = Math.max(this.next, place);
    this.#duplicates = 0;
    if (this.#recover !== null) {
      if (place < this.#recover) return true;
      this.#recover = null;
      return false;
    }
    const isStarting = this.#congestion < this.#threshold;
    const growth = isStarting ? bytes : (this.#segmentSize * bytes) / this.#congestion;
    this.#congestion = Math.min(this.#limit, this.#congestion + growth);
    return false;
  }

  /** An acknowledgment that says nothing new came. True when the first segment is to be said again. */
  noteDuplicate(): boolean {
    this.#duplicates += 1;
    if (this.#duplicates !== DUPLICATES || this.#recover !== null) return false;
    this.#recover = this.highest;
    this.#shrink();
    return true;
  }

  /** Nothing was acknowledged in time: all is said again from the first that is missing, slowly. */
  goBack(): void {
    this.#shrink();
    this.#congestion = this.#segmentSize;
    this.next = this.acknowledged;
    this.#duplicates = 0;
    this.#recover = null;
  }

  #shrink(): void {
    this.#threshold = Math.max(this.size / 2, 2 * this.#segmentSize);
    this.#congestion = this.#threshold;
  }
}
