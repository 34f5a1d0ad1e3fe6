import { SHARED, type PacketReply, type TimedCensorEvent } from './order.ts';

/** Events that may be under way to the main thread: one that falls further behind would be buried in them. */
const LIMIT = 100_000;

/** Hands censor events to the main thread, a batch at a time, and counts what it could not take. */
export class EventReporter {
  /** Events that could not be taken. */
  lost = 0;
  #events: TimedCensorEvent[] = [];
  #posted = 0;
  readonly #shared: Int32Array;
  readonly #post: (reply: PacketReply) => void;

  constructor(shared: Int32Array, post: (reply: PacketReply) => void) {
    this.#shared = shared;
    this.#post = post;
  }

  report(event: TimedCensorEvent): void {
    const underWay = (this.#posted - Atomics.load(this.#shared, SHARED.taken)) | 0;
    if (underWay + this.#events.length >= LIMIT) this.lost += 1;
    else this.#events.push(event);
  }

  flush(): void {
    if (this.#events.length === 0) return;
    this.#posted += this.#events.length;
    this.#post({ kind: 'events', events: this.#events });
    this.#events = [];
  }
}
