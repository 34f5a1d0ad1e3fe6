import type { PacketView } from '../../wire/packet.ts';
import { TCP_FLAG, addSequence, sequenceDistance } from '../../wire/tcp.ts';

interface Numbers {
  readonly sequence: number | null;
  readonly acknowledgment: number | null;
}

/** TCP's numbers from the SYN on. Where it was not seen, what is seen first counts as what follows it, as in Wireshark. */
export class RelativeNumbers {
  /** Initial sequence numbers, by who says them to whom. */
  readonly #starts = new Map<string, number>();

  /** Packets are given in their order. */
  of(view: PacketView, source: string, destination: string): Numbers {
    if (!view.isTcp) return { sequence: null, acknowledgment: null };
    const [forward, reverse] = [`${source} ${destination}`, `${destination} ${source}`];
    const isAcknowledging = (view.flags & TCP_FLAG.ACK) !== 0;
    const isBeginning = (view.flags & TCP_FLAG.SYN) !== 0;
    const sequence = isBeginning ? view.sequence : addSequence(view.sequence, -1);
    if (isBeginning || !this.#starts.has(forward)) this.#starts.set(forward, sequence);
    const acknowledged = addSequence(view.acknowledgment, -1);
    const isFirst = isBeginning || !this.#starts.has(reverse);
    if (isAcknowledging && isFirst) this.#starts.set(reverse, acknowledged);
    return {
      sequence: this.#count(forward, view.sequence),
      acknowledgment: isAcknowledging ? this.#count(reverse, view.acknowledgment) : null,
    };
  }

  #count(way: string, value: number): number {
    return sequenceDistance(value, this.#starts.get(way) ?? 0) >>> 0;
  }
}
