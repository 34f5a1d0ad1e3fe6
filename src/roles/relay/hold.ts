// Messages that are held until another comes.
import type { HookPoint, MessageOperation } from '../../model/relay.ts';

type HoldOperation = Extract<MessageOperation, { readonly kind: 'hold' }>;

export class Hold {
  isOver = false;
  readonly #until: HoldOperation['until'];
  readonly #release: (now: number) => void;

  /** `release` lets go what is held. */
  constructor({ until }: HoldOperation, release: (now: number) => void) {
    this.#until = until;
    this.#release = release;
  }

  /** Whether a message of this type at this hook is what is waited for. Without a hook: when it is read, from either side. */
  isMetBy(type: string, at: HookPoint): boolean {
    const { types, at: wanted } = this.#until;
    const isHere = wanted === null ? at === 'C->P' || at === 'S->P' : at === wanted;
    return isHere && (types.length === 0 || types.includes(type));
  }

  end(now: number): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#release(now);
  }
}

/** Those of a session that are not over. */
export class Holds {
  #open: readonly Hold[] = [];

  get isEmpty(): boolean {
    return this.#open.length === 0;
  }

  add(hold: Hold): void {
    this.#open = [...this.#open.filter(({ isOver }) => !isOver), hold];
  }

  /** A message passes a hook. */
  notice(type: string, at: HookPoint, now: number): void {
    if (this.#open.length === 0) return;
    const met = this.#open.filter((hold) => hold.isMetBy(type, at));
    this.#open = this.#open.filter((hold) => !hold.isOver && !met.includes(hold));
    for (const hold of met) hold.end(now);
  }
}
