import type { PacketView } from '../../../wire/packet.ts';
import { TCP_FLAG } from '../../../wire/tcp.ts';
import type { Connection } from './forge.ts';

/**
 * A reset that leaves some time after its trigger. Where the connection has gone on by then it fits no more, as a receiver takes only what it
 * expects next (RFC 9293 section 3.10.7.4): the first segment after that time draws it once more, from what is known then.
 */
export class LateReset {
  isOver = false;
  readonly #forward: number;
  readonly #reverse: number;

  constructor({ forward, reverse }: Connection) {
    this.#forward = forward.next;
    this.#reverse = reverse.next;
  }

  /** Whether the segment at hand is to draw it. */
  isDrawnBy({ isTcp, flags }: PacketView, { forward, reverse }: Connection): boolean {
    if (this.isOver || !isTcp || (flags & TCP_FLAG.RST) !== 0) return false;
    this.isOver = true;
    return forward.next !== this.#forward || reverse.next !== this.#reverse;
  }
}
