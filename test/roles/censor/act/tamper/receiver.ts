// The receiving half of a TCP, as far as reading goes: bytes in order, each taken once, as RFC 9293 section 3.10.7.4 has them.
import { PacketView } from '../../../../../src/wire/packet.ts';

export class Receiver {
  next: number;
  acknowledged = 0;
  options: Uint8Array = new Uint8Array(0);
  /** Whether every byte that came twice came the same. */
  isConsistent = true;
  readonly #start: number;
  readonly #bytes: number[] = [];
  readonly #checksums = new Set<string>();

  constructor(start: number) {
    this.#start = start;
    this.next = start;
  }

  get text(): string {
    return Buffer.from(this.#bytes.slice(0, this.next - this.#start)).toString('latin1');
  }

  get checksums(): readonly string[] {
    return [...this.#checksums];
  }

  take(packet: Uint8Array): void {
    const view = new PacketView();
    if (!view.load(packet, 0, packet.length)) throw new Error(view.fault ?? '');
    this.#checksums.add(view.verifyTransportChecksum());
    this.acknowledged = view.acknowledgment;
    this.options = view.tcpOptions.slice();
    const from = view.sequence - this.#start;
    for (const [index, byte] of view.payload.entries()) {
      const before = this.#bytes[from + index];
      this.isConsistent &&= before === undefined || before === byte;
      this.#bytes[from + index] = byte;
    }
    while (this.#bytes[this.next - this.#start] !== undefined) this.next += 1;
  }
}
