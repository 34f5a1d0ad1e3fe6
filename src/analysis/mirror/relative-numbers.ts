import type { PacketView } from '../../wire/packet.ts';
import { TCP_FLAG, addSequence, sequenceDistance } from '../../wire/tcp.ts';

interface Numbers {
  readonly sequence: number | null;
  readonly acknowledgment: number | null;
}

/** TCP's numbers as one capture can count them: from the SYN where it was seen, or told by the one that answers it; else as they are. */
export class RelativeNumbers {
  /** Initial sequence numbers, by who says them to whom. */
  readonly #starts = new Map<string, number>();

  /** Packets are given in their order. */
  of(view: PacketView, source: string, destination: string): Numbers {
    if (!view.isTcp) return { sequence: null, acknowledgment: null };
    const [forward, reverse] = [`${source} ${destination}`, `${destination} ${source}`];
    const isAcknowledging = (view.flags & TCP_FLAG.ACK) !== 0;
    if ((view.flags & TCP_FLAG.SYN) !== 0) {
      this.#starts.set(forward, view.sequence);
      if (isAcknowledging) this.#starts.set(reverse, addSequence(view.acknowledgment, -1));
    }
    return {
      sequence: this.#count(forward, view.sequence),
      acknowledgment: isAcknowledging ? this.#count(reverse, view.acknowledgment) : null,
    };
  }

  #count(way: string, value: number): number {
    const start = this.#starts.get(way);
    return start === undefined ? value : sequenceDistance(value, start) >>> 0;
  }
}
