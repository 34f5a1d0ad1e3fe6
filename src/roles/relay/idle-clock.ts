/** When a session is over because nothing has come for so long. Microseconds. */
export class IdleClock {
  /** When that has to be looked at. */
  due: number;
  readonly #limit: number;
  #heard: number;

  /** `limit`: Infinity where there is none. */
  constructor(limit: number, now: number) {
    this.#limit = limit;
    this.#heard = now;
    this.due = now + limit;
  }

  /** Something has come. */
  hear(now: number): void {
    this.#heard = now;
  }

  /** Whether the time is over; what has come since it was set puts it off. */
  hasRunOut(now: number): boolean {
    if (this.due > now) return false;
    this.due = this.#heard + this.#limit;
    return this.due <= now;
  }
}
