// Packets of our own on their way out: collected in one memory and handed over many at a time.
import { type FrameMemory, OFFLOAD_HEADER_LENGTH } from '../../kernel/packet-ring.ts';
import { Transmitter } from '../../kernel/transmitter.ts';
import { readU8, writeU16 } from '../../wire/bytes.ts';
import { ETHERNET_HEADER_LENGTH, ETHERTYPE } from '../../wire/ethernet.ts';

/** Where a packet leaves: the socket of an interface, and the MAC addresses that its frame begins with. */
export interface Exit {
  readonly fd: number;
  readonly macs: Uint8Array;
}

/** A packet that writes itself. */
export interface WritablePacket {
  /** In bytes. */
  readonly length: number;
  write(out: Uint8Array, at: number): unknown;
}

/** Frames handed over by one call at most: what a transmitter takes. */
const BATCH = 512;
const AREA_BYTES = 2 ** 21;
const HEADROOM = OFFLOAD_HEADER_LENGTH + ETHERNET_HEADER_LENGTH;
const MACS_LENGTH = 12;

export class FrameEmitter {
  /** Frames since the last `turn`. */
  emitted = 0;
  readonly #memory: Uint8Array;
  readonly #transmitter: Transmitter;
  readonly #start: number;
  #at: number;
  #count = 0;

  constructor(memory: FrameMemory) {
    this.#memory = memory.bytes;
    this.#transmitter = new Transmitter(memory);
    this.#start = memory.take(AREA_BYTES);
    this.#at = this.#start;
  }

  /** Frames that an interface did not take. */
  get lost(): number {
    return this.#transmitter.lost;
  }

  send(exit: Exit, packet: Uint8Array): void {
    this.#memory.set(packet, this.#begin(exit, packet.length));
    this.#commit(exit, packet.length);
  }

  write(exit: Exit, packet: WritablePacket): void {
    packet.write(this.#memory, this.#begin(exit, packet.length));
    this.#commit(exit, packet.length);
  }

  flush(): void {
    this.#transmitter.flush();
    this.#at = this.#start;
    this.#count = 0;
  }

  /** Where the packet goes. */
  #begin(exit: Exit, length: number): number {
    const isFull = this.#at + HEADROOM + length > this.#start + AREA_BYTES;
    if (this.#count === BATCH || isFull) this.flush();
    const memory = this.#memory;
    const frame = this.#at + OFFLOAD_HEADER_LENGTH;
    // No offload: packets are whole and summed. For so few bytes a loop is faster than fill() and set().
    for (let at = this.#at; at < frame; at += 1) memory[at] = 0;
    const { macs } = exit;
    for (let index = 0; index < MACS_LENGTH; index += 1) memory[frame + index] = macs[index] ?? 0;
    return frame + ETHERNET_HEADER_LENGTH;
  }

  #commit(exit: Exit, length: number): void {
    const memory = this.#memory;
    const frame = this.#at + OFFLOAD_HEADER_LENGTH;
    const end = frame + ETHERNET_HEADER_LENGTH + length;
    const isV4 = readU8(memory, frame + ETHERNET_HEADER_LENGTH) >>> 4 === 4;
    writeU16(memory, frame + MACS_LENGTH, isV4 ? ETHERTYPE.ipv4 : ETHERTYPE.ipv6);
    this.#transmitter.send(exit.fd, frame, end);
    // Even offsets: sums of words go over the memory as it lies.
    this.#at = end + (end & 1);
    this.#count += 1;
    this.emitted += 1;
  }
}
