import type { Effects } from '../../../model/middlebox.ts';

/** Words that wait for the first packet. */
const UNTOLD = 256;

/** Says what belongs to no packet: with the last one, or with the first once there is one, and with it somebody to tell. */
export class Teller {
  #effects: Effects | null = null;
  #untold: ((effects: Effects) => void)[] = [];

  tell(say: (effects: Effects) => void): void {
    if (this.#effects !== null) say(this.#effects);
    else if (this.#untold.length < UNTOLD) this.#untold.push(say);
  }

  /** A packet has come, whose consequences go there. */
  meet(effects: Effects): void {
    this.#effects = effects;
    if (this.#untold.length === 0) return;
    for (const say of this.#untold) say(effects);
    this.#untold = [];
  }
}
