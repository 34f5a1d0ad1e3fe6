// Segments of a client that wait until it is clear whether somebody else answers them: a server that had read the first half of a
// ClientHello could not be told another.
import type { Effects } from '../../model/middlebox.ts';
import type { PacketView } from '../../wire/packet.ts';
import { TLS_HANDSHAKE } from '../../wire/tls.ts';

/** Bytes of one flow, and of all. A ClientHello is rarely longer than 2 KiB. */
const FLOW_LIMIT = 32_768;
const TOTAL_LIMIT = 16_777_216;

/** What waits of all flows of a censor, in bytes. */
export interface HeldTotal {
  bytes: number;
}

export class HeldSegments {
  /** Whether some went on: from then on nothing is held any more. */
  isOver = false;
  readonly #total: HeldTotal;
  #packets: Uint8Array[] = [];
  #bytes = 0;

  constructor(total: HeldTotal) {
    this.#total = total;
  }

  get isEmpty(): boolean {
    return this.#packets.length === 0;
  }

  /** Holds a copy of the packet that a client has sent and that completes nothing. False when it is to pass. */
  hold(view: PacketView): boolean {
    const { memory, start, end, payloadStart, payloadEnd } = view;
    if (this.isOver || payloadStart === payloadEnd) return false;
    if (this.isEmpty && memory[payloadStart] !== TLS_HANDSHAKE) return false;
    const length = end - start;
    if (this.#bytes + length > FLOW_LIMIT || this.#total.bytes + length > TOTAL_LIMIT) return false;
    this.#packets.push(memory.slice(start, end));
    this.#bytes += length;
    this.#total.bytes += length;
    return true;
  }

  /** Takes them out. */
  take(): readonly Uint8Array[] {
    const packets = this.#packets;
    this.#packets = [];
    this.#total.bytes -= this.#bytes;
    this.#bytes = 0;
    return packets;
  }

  /** Sends them on, in their order. */
  release(now: number, effects: Effects): readonly Uint8Array[] {
    const packets = this.take();
    this.isOver = true;
    for (const packet of packets) effects.emit(packet, now, 'forwarded');
    return packets;
  }
}
