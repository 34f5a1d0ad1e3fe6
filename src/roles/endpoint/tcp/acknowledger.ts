// Decides when a segment that carries nothing else is sent to acknowledge: the policies of settings.ts.
import { type AckPolicy, NEVER } from './settings.ts';

/** Below the 500 ms that RFC 1122 section 4.2.3.2 allows; Linux's TCP_DELACK_MIN. */
const DELAY = 40_000;

export class Acknowledger {
  /** When a delayed acknowledgment is due, in microseconds since the epoch, or Infinity. */
  due: number = NEVER;
  /** Whether one is to be sent at once. */
  isWanted = false;
  #policy: AckPolicy;
  #waiting = 0;
  #fullSize = 1;

  constructor(policy: AckPolicy) {
    this.#policy = policy;
  }

  get policy(): AckPolicy {
    return this.#policy;
  }

  /** `isBehind`: something in order waits for its acknowledgment. */
  setPolicy(policy: AckPolicy, isBehind: boolean, now: number): void {
    this.#policy = policy;
    this.sent();
    if (isBehind && policy === 'now') this.isWanted = true;
    if (isBehind && policy === 'delayed') this.due = now + DELAY;
  }

  /** Bytes came in order. */
  noteData(length: number, now: number): void {
    if (this.#policy !== 'delayed') {
      this.require();
      return;
    }
    this.#fullSize = Math.max(this.#fullSize, length);
    this.#waiting += length;
    if (this.#waiting >= 2 * this.#fullSize) this.isWanted = true;
    else this.due = Math.min(this.due, now + DELAY);
  }

  /** What no policy delays: FIN, SYN+ACK, bytes ahead of a gap or known already, a challenge (RFC 5961), an opened window. */
  require(): void {
    if (this.#policy === 'now' || this.#policy === 'delayed') this.isWanted = true;
  }

  expire(now: number): void {
    if (now >= this.due) this.isWanted = true;
  }

  /** Something that acknowledges all of it was sent. */
  sent(): void {
    this.due = NEVER;
    this.isWanted = false;
    this.#waiting = 0;
  }
}
