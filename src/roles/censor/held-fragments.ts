import type { CensorEvent, Disposition, Effects } from '../../model/middlebox.ts';
import { fragmentPacket } from '../../wire/fragment.ts';
import type { WholeDatagram } from './state/defragmenter.ts';

/**
 * What an in-path censor does with a datagram that it held until it was whole: its fragments go on as they came, in their order, and what the
 * censor sends because of it goes after them. A datagram that goes on changed or late is cut as it was.
 */
export class HeldFragments implements Effects {
  readonly #effects: Effects;
  readonly #datagram: WholeDatagram;
  readonly #later: { packet: Uint8Array; at: number; origin: 'injected' | 'forwarded' }[] = [];
  #isReleased = false;

  constructor(datagram: WholeDatagram, effects: Effects) {
    this.#datagram = datagram;
    this.#effects = effects;
  }

  emit(packet: Uint8Array, at: number, origin: 'injected' | 'forwarded'): void {
    // A program says what becomes of it long after.
    if (this.#isReleased) this.#send(packet, at, origin);
    else this.#later.push({ packet: packet.slice(), at, origin });
  }

  report(event: CensorEvent): void {
    this.#effects.report(event);
  }

  /** Sends what `disposition` leaves of them, and then the rest. */
  release(disposition: Disposition, now: number): Disposition {
    if (disposition === 'pass')
      for (const fragment of this.#datagram.fragments)
        this.#effects.emit(fragment, now, 'forwarded');
    this.#isReleased = true;
    for (const { packet, at, origin } of this.#later) this.#send(packet, at, origin);
    return disposition === 'drop' ? 'drop' : 'taken';
  }

  #send(packet: Uint8Array, at: number, origin: 'injected' | 'forwarded'): void {
    for (const part of origin === 'forwarded' ? this.#cut(packet) : [packet])
      this.#effects.emit(part, at, origin);
  }

  #cut(packet: Uint8Array): readonly Uint8Array[] {
    const { id, size } = this.#datagram;
    const count = Math.ceil(packet.length / size);
    return fragmentPacket(packet, new Array<number>(count).fill(size), id);
  }
}
