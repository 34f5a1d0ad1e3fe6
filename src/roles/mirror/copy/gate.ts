// When the next request may be said to the target: a client speaks again when it has been answered, and so does its copy. Servers do not
// answer in as many bytes, so that silence after some counts as the end of an answer, and a target that says nothing is not waited for.
import { NEVER } from '../../endpoint/tcp/settings.ts';

/** Microseconds of silence after the last byte of an answer that is shorter than the online server's. */
const QUIET = 2000;

export class Gate {
  /** When it opens by itself, microseconds since the epoch. */
  due: number = NEVER;
  /** How often the target did not answer in time. */
  unanswered = 0;
  readonly #patience: number;
  /** Bytes of answers at the last request: the online server's as the client had them, and the target's. */
  #answered = 0;
  #received = 0;
  #waitingSince: number | null = null;
  #lastAnswer = 0;

  /** `patience`: microseconds that the target has to begin its answer; 0: there is no waiting. */
  constructor(patience: number) {
    this.#patience = patience;
  }

  /** The target said something new. */
  noteAnswer(now: number): void {
    this.#lastAnswer = now;
  }

  /** A connection that begins has been answered nothing. */
  begin(answered: number): void {
    this.#answered = answered;
    this.#received = 0;
    this.#waitingSince = null;
    this.due = NEVER;
  }

  /** Whether what the client said after so many bytes of answers may be said, when the target has answered `received`. */
  lets(answered: number, received: number, now: number): boolean {
    if (this.#patience === 0 || answered <= this.#answered) return true;
    const wanted = answered - this.#answered;
    const got = received - this.#received;
    this.#waitingSince ??= now;
    const until = got > 0 ? this.#lastAnswer + QUIET : this.#waitingSince + this.#patience;
    if (got < wanted && now < until) {
      this.due = until;
      return false;
    }
    if (got === 0) this.unanswered += 1;
    this.#answered = answered;
    this.#received = received;
    this.#waitingSince = null;
    this.due = NEVER;
    return true;
  }
}
