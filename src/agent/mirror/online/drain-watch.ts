// The end of a mirror: it takes no more of clients, and has some time to say what it has.
import type { Mirror } from '../../../roles/mirror/mirror.ts';

/** Microseconds that it has. */
const LIMIT = 10e6;
/** Without any change: where nothing waits, and where something does that nobody will say any more. */
const QUIET = 100_000;
const STALLED = 4e6;
/** Between two looks. */
const LOOK_EVERY = 20_000;

export class DrainWatch {
  readonly #onDrained: () => void;
  #began: number | null = null;
  #asked = 0;
  #lastChange = 0;
  #seen = '';
  #isOver = false;

  constructor(onDrained: () => void) {
    this.#onDrained = onDrained;
  }

  /** When it is to be asked again; Infinity: it is not under way, or over. */
  get nextDue(): number {
    return this.#began === null || this.#isOver ? Infinity : this.#asked + LOOK_EVERY;
  }

  /** While the mirror is to end. `shut`: nothing comes of clients any more. */
  turn(now: number, mirror: Mirror, shut: () => void): void {
    if (this.#isOver || (this.#began !== null && now < this.nextDue)) return;
    this.#asked = now;
    if (this.#began === null) {
      shut();
      this.#began = now;
    }
    const { sessions, bytes, packets } = mirror.statistics();
    const seen = `${sessions.open} ${bytes.waiting} ${packets.sent} ${packets.answers}`;
    if (seen !== this.#seen) {
      this.#seen = seen;
      this.#lastChange = now;
    }
    const still = now - this.#lastChange;
    const isQuiet = still >= (bytes.waiting === 0 ? QUIET : STALLED);
    if (sessions.open > 0 && !isQuiet && now < this.#began + LIMIT) return;
    this.#isOver = true;
    this.#onDrained();
  }
}
