// What a censor has decided about a flow that is to be taken over: it passes until its client says something, and from there on it is
// somebody else's.
import type { MitmAction } from '../../model/censor-action.ts';
import type { Disposition, Effects } from '../../model/middlebox.ts';
import type { Random } from '../../base/random.ts';
import { PacketView } from '../../wire/packet.ts';
import type { HeldSegments } from './held-segments.ts';
import type { Interception } from './interception.ts';
import type { TakesOver } from './interceptor.ts';
import type { Opening } from './opening.ts';

/** What is known of a flow. */
export interface SeenFlow {
  readonly opening: Opening | null;
  readonly held: HeldSegments | null;
  /** The ends of all that went through. */
  readonly forward: { readonly highest: number };
  readonly reverse: { readonly highest: number };
}

export interface SeenPacket {
  readonly flow: SeenFlow;
  readonly view: PacketView;
  readonly isForward: boolean;
  readonly now: number;
  readonly effects: Effects;
}

export interface TakeOverOptions {
  readonly interceptor: TakesOver | null;
  readonly censor: string;
  readonly rule: string;
  readonly action: MitmAction;
  readonly random: Random;
}

export class TakeOver {
  readonly #options: TakeOverOptions;
  #interception: Interception | null = null;
  #isGivenUp: boolean;

  constructor(options: TakeOverOptions) {
    this.#options = options;
    this.#isGivenUp = options.interceptor === null;
  }

  /** Whether the flow's two ends speak to the censor and not to each other. */
  get isInForce(): boolean {
    return this.#interception !== null;
  }

  carry(packet: SeenPacket): Disposition {
    const { flow, view, isForward, now, effects } = packet;
    if (this.#interception === null && !this.#isGivenUp && isForward && view.payloadLength > 0)
      this.#begin(packet);
    if (this.#interception === null) {
      flow.held?.release(now, effects);
      return 'pass';
    }
    this.#interception.receive(view, isForward, now, effects);
    return 'taken';
  }

  #begin({ flow, view, now, effects }: SeenPacket): void {
    const { interceptor, censor, rule, action, random } = this.#options;
    // Of what went on the server cannot be told otherwise.
    this.#isGivenUp = true;
    if (interceptor === null || flow.held?.isOver === true) return;
    const { opening, held, forward, reverse } = flow;
    const handover = { view, opening, action, rule, random, effects };
    const numbers = { forwardNext: forward.highest, reverseNext: reverse.highest };
    const taken = interceptor.takeOver(censor, { ...handover, ...numbers }, now);
    if (taken === null) return;
    this.#interception = taken;
    const earlier = new PacketView();
    for (const bytes of held?.take() ?? [])
      if (earlier.load(bytes, 0, bytes.length)) taken.receive(earlier, true, now, effects);
  }
}
