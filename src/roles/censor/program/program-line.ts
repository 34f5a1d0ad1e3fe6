// The line to the program that runs: whether there is one, whether it speaks, and what it is still to be sent.

/** The way to one running program. */
export interface ProgramLink {
  /** There is something to be sent: `takeOutput` has it. Said once until that is called. */
  wake(): void;
  /** It is to be ended: it hangs, or what it says is no use. */
  end(reason: string): void;
}

/** Microseconds. A program that has not spoken for so long, or for five times its time for a verdict, hangs. */
const SILENCE_LIMIT = 1e6;
const SILENT_TIMEOUTS = 5;
/** Microseconds from its start to `ready`. */
const START_LIMIT = 10e6;
/** Microseconds that packets wait longer while one program takes over from another. */
const TAKE_OVER = 2e6;

/** `Item`: what is put into words only when it is sent. */
export class ProgramLine<Item> {
  /** Whether the program has said that it is ready. */
  isReady = false;
  #link: ProgramLink | null = null;
  /** Whether the one that starts takes over from one that was still there: packets wait for it. */
  #takesOver = false;
  /** Whether it owes a verdict, and since when it has said nothing, microseconds since the epoch. */
  #owes = false;
  #silentSince = 0;
  #outbox: (string | Item)[] = [];

  get isOpen(): boolean {
    return this.#link !== null;
  }

  /** Whether there is somebody to ask, now or soon. */
  get isAttended(): boolean {
    return this.#link !== null && (this.isReady || this.#takesOver);
  }

  /** When a program that starts has taken too long, microseconds since the epoch. */
  get nextDue(): number {
    return this.#link !== null && !this.isReady ? this.#silentSince + START_LIMIT : Infinity;
  }

  /** Microseconds that packets wait longer than their time. */
  get patience(): number {
    return this.isReady ? 0 : TAKE_OVER;
  }

  /** A program has been started. */
  open(link: ProgramLink, now: number): void {
    this.#takesOver = this.#link !== null;
    this.#link = link;
    this.isReady = false;
    this.#owes = false;
    this.#silentSince = now;
    this.#outbox = [];
  }

  /** The program is gone; the link that led to it, or null when there was none. */
  close(): ProgramLink | null {
    const link = this.#link;
    this.#link = null;
    this.isReady = false;
    this.#outbox = [];
    return link;
  }

  send(item: string | Item): void {
    if (this.#link === null) return;
    this.#outbox.push(item);
    if (this.#outbox.length === 1) this.#link.wake();
  }

  /** What is to be sent now, as one line without its end; null when nothing is. */
  takeOutput(write: (item: Item) => string): string | null {
    const texts = this.#outbox.map((item) => (typeof item === 'string' ? item : write(item)));
    this.#outbox = [];
    const [first] = texts;
    return texts.length > 1 ? `[${texts.join(',')}]` : (first ?? null);
  }

  /** It is asked for a verdict. */
  asks(now: number): void {
    if (!this.#owes && this.isReady) this.#silentSince = now;
    this.#owes = true;
  }

  /** It has said something that makes sense. */
  hears(now: number): void {
    this.#silentSince = now;
  }

  /** Whether verdicts are still to come. */
  owes(isOwing: boolean): void {
    this.#owes = isOwing;
  }

  /** Why the program is to be ended; null when it is not. `isLate`: a verdict is overdue, for which it has `timeout` milliseconds. */
  fault(now: number, isLate: boolean, timeout: number): string | null {
    if (this.#link === null) return null;
    const silence = now - this.#silentSince;
    if (!this.isReady && silence >= START_LIMIT)
      return `it did not say that it is ready within ${START_LIMIT / 1e6} s`;
    const limit = Math.max(SILENCE_LIMIT, SILENT_TIMEOUTS * timeout * 1000);
    return isLate && this.isReady && silence >= limit
      ? `it hangs: it said nothing for ${Math.round(silence / 1000)} ms`
      : null;
  }
}
