// A message that has taken its place, and what is still to be done to it.
import type { Standing } from './order/standing.ts';
import type { Waiting } from './order/order-line.ts';
import type { Splitting } from './deliver/outlet.ts';
import type { Processed } from './process/processor.ts';
import type { Hold } from './hold.ts';
import type { Mutation } from '../../model/relay.ts';

/** What happens once all before it has gone. */
export type SeatEnding = 'reset' | 'close' | 'framing-fault' | 'blackhole' | 'blackhole-both';

export class Seat implements Waiting {
  readonly standing: Standing;
  section = -1;
  /** Of its direction, counted from 1; 0: bytes that are no message. */
  readonly message: number;
  type: string;
  bytes: Uint8Array;
  /** Whether it counts among those that wait. */
  isWaiting = false;
  /** Bytes that it had when it began to wait. */
  weight = 0;
  isGone = false;
  /** Whether another thread has it. */
  isAway = false;
  /** Whether it has been judged as about to be sent. */
  isOutbound = false;
  /** Whether it left the line to be overtaken. */
  isAside = false;
  /** Microseconds since the epoch. */
  notBefore = 0;
  hold: Hold | null = null;
  /** Messages that are to go before it. */
  behind = 0;
  isDropped = false;
  copies = 1;
  /** Messages that follow in the same write. */
  following = 0;
  splitting: Splitting | null = null;
  /** Messages that rules send before and after it. */
  before: Uint8Array[] | null = null;
  after: Uint8Array[] | null = null;
  ending: SeatEnding | null = null;
  /** What the fuzzer has made of it. */
  mutation: Mutation | null = null;
  #isOwn = false;
  /** The bytes with which it came, where they lie between those of its neighbours. */
  readonly #place: Uint8Array;

  constructor(message: number, type: string, bytes: Uint8Array, standing: Standing) {
    this.message = message;
    this.type = type;
    this.bytes = bytes;
    this.#place = bytes;
    this.standing = standing;
  }

  /** What has been made of it. As long as it came, it stays where it lies, and leaves in one write with its neighbours. */
  become({ bytes, mutations }: Processed): void {
    if (this.bytes === this.#place && bytes.length === this.#place.length) this.#place.set(bytes);
    else this.bytes = bytes;
    if (this.mutation !== null)
      this.mutation = mutations.length === 0 ? null : { ...this.mutation, edits: mutations };
  }

  /** Copies its bytes out of memory that others will use again. */
  own(): void {
    if (this.#isOwn) return;
    this.#isOwn = true;
    this.bytes = this.bytes.slice();
  }
}
