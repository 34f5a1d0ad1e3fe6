// One fault of the network in the way of a direction's bytes: what it holds back leaves later, in the order in which it came.

/** How a stream ends: by its FIN; or with it the session, and why. */
export type StreamEnd =
  'fin' | 'closed-by-rule' | 'framing-fault' | 'closed-by-fault' | 'reset-by-fault';

/** What bytes go on to. They are the caller's, and may change after the call. */
export interface ByteSink {
  push(bytes: Uint8Array, now: number): void;
  end(how: StreamEnd, now: number): void;
}

/** What a kind of fault does with what comes. */
export interface FaultBehaviour {
  /** The fault begins to hold. */
  begin?(pipe: Pipe, now: number): void;
  push(bytes: Uint8Array, pipe: Pipe, now: number): void;
  /** Absent: the end follows the bytes. */
  end?(how: StreamEnd, pipe: Pipe, now: number): void;
  /** It no longer holds. */
  leave?(pipe: Pipe, now: number): void;
}

interface Parcel {
  readonly at: number;
  readonly content: Uint8Array | StreamEnd;
}

export class Pipe implements ByteSink {
  next: ByteSink;
  readonly #behaviour: FaultBehaviour;
  #parcels: Parcel[] = [];
  #gone = 0;
  #waiting = 0;
  #isOver = false;

  constructor(behaviour: FaultBehaviour, next: ByteSink) {
    this.#behaviour = behaviour;
    this.next = next;
  }

  /** Bytes that are held back. */
  get waiting(): number {
    return this.#waiting;
  }

  /** When something of what is held back leaves, microseconds since the epoch. */
  get nextDue(): number {
    return this.#parcels[this.#gone]?.at ?? Infinity;
  }

  /** Some of it may never leave by itself, so that a time does not tell. */
  get #isHolding(): boolean {
    return this.#gone < this.#parcels.length;
  }

  begin(now: number): void {
    this.#behaviour.begin?.(this, now);
  }

  push(bytes: Uint8Array, now: number): void {
    if (!this.#isOver) this.#behaviour.push(bytes, this, now);
  }

  end(how: StreamEnd, now: number): void {
    if (this.#isOver) return;
    if (this.#behaviour.end === undefined) this.endAt(now, how, now);
    else this.#behaviour.end(how, this, now);
  }

  /** Lets bytes go on at a time, not before what is already held back. */
  sendAt(at: number, bytes: Uint8Array, now: number): void {
    if (at <= now && !this.#isHolding) {
      this.next.push(bytes, now);
      return;
    }
    this.#waiting += bytes.length;
    this.#hold(at, bytes.slice());
  }

  /** Nothing comes through behind it. */
  endAt(at: number, how: StreamEnd, now: number): void {
    if (at > now || this.#isHolding) this.#hold(at, how);
    else this.#end(how, now);
  }

  expire(now: number): void {
    while (this.nextDue <= now) this.#release(now);
    if (this.#gone < 1024 && this.#isHolding) return;
    this.#parcels.splice(0, this.#gone);
    this.#gone = 0;
  }

  /** The fault no longer holds: what is held back goes on at once. */
  leave(now: number): void {
    while (this.#isHolding) this.#release(now);
    if (!this.#isOver) this.#behaviour.leave?.(this, now);
  }

  #release(now: number): void {
    const parcel = this.#parcels[this.#gone];
    this.#gone += 1;
    if (parcel === undefined || this.#isOver) return;
    const { content } = parcel;
    if (typeof content === 'string') this.#end(content, now);
    else {
      this.#waiting -= content.length;
      this.next.push(content, now);
    }
  }

  #hold(at: number, content: Uint8Array | StreamEnd): void {
    const last = this.#parcels.at(-1)?.at ?? 0;
    this.#parcels.push({ at: Math.max(at, last), content });
  }

  #end(how: StreamEnd, now: number): void {
    this.#isOver = true;
    this.#waiting = 0;
    this.next.end(how, now);
  }
}
