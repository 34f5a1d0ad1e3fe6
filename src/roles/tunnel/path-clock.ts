import type { Turn } from './turns.ts';

/**
 * Where a migration is. Its positions are milliseconds or packets since it began, and only go on; turns that are over before anybody
 * asked are passed over, so that one who asks late is not late for ever.
 */
export class PathClock {
  readonly #turns: Iterator<Turn, never>;
  #path = 0;
  #until = 0;

  constructor(turns: Iterator<Turn, never>) {
    this.#turns = turns;
    this.at(0);
  }

  /** The path in force, by its place in the list. */
  get path(): number {
    return this.#path;
  }

  /** The position from which the next turn is in force; Infinity when none comes. */
  get until(): number {
    return this.#until;
  }

  /** The path in force at a position. */
  at(position: number): number {
    while (position >= this.#until) {
      const { path, lasts } = this.#turns.next().value;
      this.#path = path;
      this.#until += lasts;
    }
    return this.#path;
  }
}
