// When a tunnel goes another way, and which. Knows no route and no clock but those that it is given.
import type { Random } from '../../base/random.ts';
import type { MovingPolicy } from '../../roles/tunnel/policy.ts';
import { PathClock } from '../../roles/tunnel/path-clock.ts';
import { turnsOf } from '../../roles/tunnel/turns.ts';

/** What a migrator sees, and does. */
export interface MigratorPlace {
  /** Milliseconds on a steady clock. */
  now(): number;
  /** Packets that the client's end has sent. */
  sent(): number;
  /** Has the tunnel go by one of its carriers, by its place in the list. */
  go(path: number): void;
}

/** How often packets are counted while they decide, milliseconds. */
const COUNT_MS = 1;

export class Migrator {
  readonly #clock: PathClock;
  readonly #place: MigratorPlace;
  readonly #isByTime: boolean;
  #path = 0;
  #isOn = false;
  /** Where the position is 0, on the clock or the counter that it is of; its position while it is off. */
  #origin = 0;

  constructor(
    policy: MovingPolicy,
    paths: readonly string[],
    random: Random,
    place: MigratorPlace,
  ) {
    this.#clock = new PathClock(turnsOf(policy, paths, random));
    this.#place = place;
    this.#isByTime = policy.every.kind === 'time' || policy.policy === 'trace';
  }

  /** On: it goes where its policy has it, from where it was left off. Off: it stays where it is. */
  enable(isOn: boolean): void {
    if (isOn === this.#isOn) return;
    this.#origin = this.#measure() - this.#origin;
    this.#isOn = isOn;
    if (isOn) this.#go(this.#clock.at(this.#measure() - this.#origin));
  }

  /** Until its policy has it go elsewhere. */
  switchTo(path: number): void {
    this.#go(path);
  }

  /** Does what is due. Gives the milliseconds until something may be again; Infinity while nothing will be. */
  turn(): number {
    if (!this.#isOn) return Infinity;
    const position = this.#measure() - this.#origin;
    if (position >= this.#clock.until) this.#go(this.#clock.at(position));
    if (this.#clock.until === Infinity) return Infinity;
    return this.#isByTime ? this.#clock.until - position : COUNT_MS;
  }

  #measure(): number {
    return this.#isByTime ? this.#place.now() : this.#place.sent();
  }

  #go(path: number): void {
    if (path === this.#path) return;
    this.#path = path;
    this.#place.go(path);
  }
}
