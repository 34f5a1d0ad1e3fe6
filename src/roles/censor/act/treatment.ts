// What happens to packets of a flow that pass: they are held back, lost, changed or sent elsewhere.
import type { ActionDirection } from '../../../model/censor-action.ts';
import type { Disposition, Effects } from '../../../model/middlebox.ts';
import type { PacketView } from '../../../wire/packet.ts';
import { coversDirection } from './direction.ts';
import { Lane } from './lane.ts';
import { type Target, aim } from './redirect-table.ts';
import { REFUSED, type Step } from './step.ts';
import { Tamper } from './tamper/tamper.ts';
import type { Term } from './term.ts';

export class Treatment {
  /** Where the client's packets go instead. */
  target: Target | null = null;
  readonly #forward = new Lane();
  readonly #reverse = new Lane();
  #tamper: Tamper | null = null;

  /** Changes what passes; made when first asked for. */
  get tamper(): Tamper {
    this.#tamper ??= new Tamper();
    return this.#tamper;
  }

  /** Puts a step into the way of packets, one of its own for each direction. */
  add(direction: ActionDirection, term: Term, make: (isForward: boolean) => Step): void {
    if (coversDirection(direction, true)) this.#forward.add(make(true), term);
    if (coversDirection(direction, false)) this.#reverse.add(make(false), term);
  }

  /** Puts a step into the way of the packet at hand alone. */
  addOnce(isForward: boolean, step: Step): void {
    (isForward ? this.#forward : this.#reverse).addOnce(step);
  }

  /** The packet at hand goes another way: what was for it alone is for none. */
  forgetOnce(): void {
    this.#forward.forgetOnce();
    this.#reverse.forgetOnce();
    this.#tamper?.forgetOnce();
  }

  /** Lets the packet in `view` pass, in its turn and shape. */
  carry(view: PacketView, isForward: boolean, now: number, effects: Effects): Disposition {
    const lane = isForward ? this.#forward : this.#reverse;
    const packets = this.#change(view, isForward, now);
    if (packets !== null) return release(packets, lane, now, effects);
    const { memory, start, end } = view;
    const at = lane.admit(end - start, now);
    if (at === REFUSED) return 'drop';
    if (at <= now) return 'pass';
    effects.emit(memory.subarray(start, end), at, 'forwarded');
    return 'taken';
  }

  /** A forged packet for one side as it has to be where packets of this flow are changed. `toSender`: it answers the packet at hand. */
  adapt(packet: Uint8Array, side: 'client' | 'server', toSender: boolean): Uint8Array {
    // What the sender of the packet at hand expects is known from its own acknowledgment, which nothing has changed yet.
    const shifted = toSender ? packet : (this.#tamper?.shift(packet, side === 'server') ?? packet);
    if (side === 'server' && this.target !== null) aim(shifted, this.target);
    return shifted;
  }

  /** What becomes of the packet: others instead, or null when it stays as it is. */
  #change(view: PacketView, isForward: boolean, now: number): readonly Uint8Array[] | null {
    const tampered = this.#tamper?.change(view, isForward, now) ?? null;
    if (this.target === null || !isForward) return tampered;
    const packets = tampered ?? [view.memory.slice(view.start, view.end)];
    for (const packet of packets) aim(packet, this.target);
    return packets;
  }
}

/** Sends packets on that are not the one that came. None at all are waiting for what is missing before them. */
function release(
  packets: readonly Uint8Array[],
  lane: Lane,
  now: number,
  effects: Effects,
): Disposition {
  let refused = 0;
  for (const packet of packets) {
    const at = lane.admit(packet.length, now);
    if (at === REFUSED) refused += 1;
    else effects.emit(packet, at <= now ? lane.hold(now) : at, 'forwarded');
  }
  return refused > 0 && refused === packets.length ? 'drop' : 'taken';
}
