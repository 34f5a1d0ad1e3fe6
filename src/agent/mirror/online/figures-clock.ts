import type { MirrorFigures, MirrorReply } from '../order.ts';

/** Microseconds between two reports. */
const EVERY = 1e6;

/** Tells the figures once a second while they change, and at the end. */
export class FiguresClock {
  readonly #read: () => MirrorFigures;
  readonly #post: (reply: MirrorReply) => void;
  #last = 0;
  #told = '';

  constructor(read: () => MirrorFigures, post: (reply: MirrorReply) => void) {
    this.#read = read;
    this.#post = post;
  }

  turn(now: number): void {
    if (now - this.#last < EVERY) return;
    this.#last = now;
    this.end();
  }

  end(): void {
    const statistics = this.#read();
    const text = JSON.stringify(statistics);
    if (text === this.#told) return;
    this.#told = text;
    this.#post({ kind: 'statistics', statistics });
  }
}
