import { type FrontMessage, StreamFramer } from './stream-framer.ts';

const LINE_FEED = 0x0a;

/** A message ends with a line feed. */
export class LineFramer extends StreamFramer {
  readonly #limit: number;
  /** Bytes that hold no line feed. */
  #seen = 0;

  /** `limit`: bytes of the longest, its line feed included. */
  constructor(limit: number) {
    super();
    this.#limit = limit;
  }

  protected override measure(): FrontMessage {
    const found = this.stream.indexOf(LINE_FEED, this.#seen);
    this.#seen = found < 0 ? this.waiting : found;
    if (this.#seen >= this.#limit) return this.failed(`A line is longer than ${this.#limit} bytes`);
    return found < 0 ? null : found + 1;
  }

  protected override taken(): void {
    this.#seen = 0;
  }
}
