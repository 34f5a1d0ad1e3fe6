// Frames of network interfaces, read in place: AF_PACKET rings mapped into one memory that JavaScript walks by itself. packet(7),
// Documentation/networking/packet_mmap.rst (TPACKET_V2). What sends them is `transmitter.ts`.
import { closeSync } from 'node:fs';
import { loadNative } from './native.ts';
import { invariant } from '../base/invariant.ts';

interface RingCalls {
  arenaCreate(bytes: number): ArrayBuffer;
  ringSocket(name: string): [fd: number, index: number];
  ringsOpen(arena: ArrayBuffer, sockets: Uint32Array, slotBytes: number, slots: number): void;
  ringDrops(fd: number): number;
  ringFilter(fd: number, program: Uint8Array): void;
  socketSet(fd: number, level: number, option: number, value: Uint8Array): number;
}

const native = loadNative() as RingCalls;

/** Bytes of struct virtio_net_hdr before every frame: offload state, passed on from the interface it came by. */
export const OFFLOAD_HEADER_LENGTH = 10;

/** struct tpacket2_hdr, and the packet type in the struct sockaddr_ll after it. */
const SLOT = {
  status: 0,
  length: 4,
  captured: 8,
  mac: 12,
  seconds: 16,
  nanos: 20,
  tci: 24,
  tpid: 26,
};
const PACKET_TYPE = 32 + 10;
/** Header, link address and what PACKET_RESERVE asks for, rounded up; the frame follows. */
const SLOT_OVERHEAD = 128;
const STATUS_USER = 1;
const STATUS_VLAN = 0x10;
const STATUS_TPID = 0x40;
const VLAN = 0x8100;
const TAG_LENGTH = 4;
const ADDRESSES_LENGTH = 12;

/** sll_pkttype: to this interface, to all, to a group, to somebody else, from this host. */
export const PACKET_TYPE_HOST = 0;
export const PACKET_TYPE_OUTGOING = 4;

const SOL_PACKET = 263;
const PACKET_IGNORE_OUTGOING = 23;

/** A frame in a ring; the same object serves all frames of the ring. */
export interface RingFrame {
  /** Where the Ethernet header starts; the virtio_net_hdr lies before it. */
  readonly start: number;
  /** Of what the ring's filter has kept of it. */
  readonly end: number;
  /** Where the whole frame ends. */
  readonly wireEnd: number;
  /** When the kernel received it, microseconds since the epoch. */
  readonly time: number;
  /** `PACKET_TYPE_HOST` when it is addressed to the interface. */
  readonly packetType: number;
}

/** Both are powers of two. */
export interface RingSize {
  readonly slotBytes: number;
  readonly slots: number;
}

export interface FrameHandler {
  onFrame(frame: RingFrame): void;
}

/** One memory for rings and buffers, so that a frame is an offset wherever it lies. Taken from the machine as it is touched. */
export class FrameMemory {
  readonly buffer: ArrayBuffer;
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  #used = 0;

  /** At most 2 GiB: offsets stay small integers. */
  constructor(size: number) {
    invariant(size < 2 ** 31, 'A frame memory is smaller than 2 GiB');
    this.buffer = native.arenaCreate(size);
    this.bytes = new Uint8Array(this.buffer);
    this.words = new Uint32Array(this.buffer);
  }

  /** The offset of `size` bytes that nobody else has; rings need whole pages. */
  take(size: number): number {
    const offset = this.#used;
    this.#used += Math.ceil(size / PAGE) * PAGE;
    invariant(this.#used <= this.buffer.byteLength, 'A frame memory holds what it was made for');
    return offset;
  }
}

const PAGE = 65536;

/** The slot size, a power of two, that holds frames of `frameBytes` with the kernel's own header. */
export const slotBytesFor = (frameBytes: number): number =>
  2 ** Math.max(11, Math.ceil(Math.log2(frameBytes + SLOT_OVERHEAD)));

/**
 * What arrives at one interface of the namespace in which it was made, once `openRings` has opened it. Frames that we send do
 * not come back.
 */
export class PacketRing implements RingFrame {
  readonly fd: number;
  readonly interfaceIndex: number;
  /** In the memory. */
  readonly offset: number;
  start = 0;
  end = 0;
  wireEnd = 0;
  time = 0;
  packetType = 0;
  /** Frames longer than a slot, which cannot be passed on whole. */
  truncated = 0;
  /** Whether frames are handed over of which the filter kept the beginning alone. */
  takesCut = false;
  readonly #memory: FrameMemory;
  readonly #slotBytes: number;
  readonly #mask: number;
  #next = 0;
  /** Frames not given back. */
  #held = 0;
  #drops = 0;

  constructor(memory: FrameMemory, interfaceName: string, { slotBytes, slots }: RingSize) {
    this.#memory = memory;
    this.#slotBytes = slotBytes;
    this.#mask = slots - 1;
    this.offset = memory.take(slotBytes * slots);
    [this.fd, this.interfaceIndex] = native.ringSocket(interfaceName);
  }

  /** When the next frame was received, microseconds since the epoch; Infinity while there is none to read. */
  get nextTime(): number {
    if (this.#held > this.#mask) return Infinity;
    const { words } = this.#memory;
    const at = this.offset + (this.#next & this.#mask) * this.#slotBytes;
    const status = Atomics.load(words, (at + SLOT.status) >>> 2);
    return (status & STATUS_USER) === 0 ? Infinity : timeOf(words, at >>> 2);
  }

  /**
   * Hands over what has arrived, at most `limit` frames, and gives how many. They stay until `release`. What was received after `until` is
   * left, but for the first.
   */
  read(limit: number, handler: FrameHandler, until?: number): number {
    const { bytes, words } = this.#memory;
    let count = 0;
    // Never round to a slot that is still held: its status says "yours" because it was.
    const room = Math.min(limit, this.#mask + 1 - this.#held);
    for (; count < room; count += 1) {
      const at = this.offset + (this.#next & this.#mask) * this.#slotBytes;
      // An atomic load, so that nothing of the frame is read before the kernel has handed it over.
      const status = Atomics.load(words, (at + SLOT.status) >>> 2);
      if ((status & STATUS_USER) === 0) break;
      const word = at >>> 2;
      const time = timeOf(words, word);
      if (until !== undefined && time > until && count > 0) break;
      const length = words[word + SLOT.length / 4] ?? 0;
      this.#next += 1;
      const captured = words[word + SLOT.captured / 4] ?? 0;
      if (length !== captured && !this.takesCut) {
        this.truncated += 1;
        continue;
      }
      this.start = at + (bytes[at + SLOT.mac] ?? 0) + ((bytes[at + SLOT.mac + 1] ?? 0) << 8);
      this.end = this.start + captured;
      this.wireEnd = this.start + length;
      this.packetType = bytes[at + PACKET_TYPE] ?? 0;
      this.time = time;
      if ((status & STATUS_VLAN) !== 0) this.#restoreTag(at, status);
      handler.onFrame(this);
    }
    this.#held += count;
    return count;
  }

  /** Gives the frames that were read back to the kernel. */
  release(): void {
    const { words } = this.#memory;
    for (let slot = this.#next - this.#held; slot < this.#next; slot += 1)
      Atomics.store(words, (this.offset + (slot & this.#mask) * this.#slotBytes) >>> 2, 0);
    this.#held = 0;
    this.#next &= this.#mask;
  }

  /** Frames that found the ring full, since it was opened. */
  countDrops(): number {
    this.#drops += native.ringDrops(this.fd);
    return this.#drops;
  }

  /** From now on only frames for which `program` (of `FilterProgram.encode`) does not answer 0 come. Throws when it takes none that long. */
  setFilter(program: Uint8Array): void {
    native.ringFilter(this.fd, program);
  }

  /** From now on what leaves by the interface comes too, but for what this ring's own socket sends. */
  seeOutgoing(): void {
    native.socketSet(this.fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, new Uint8Array(4));
  }

  close(): void {
    closeSync(this.fd);
  }

  /** The kernel takes the outer 802.1Q tag out of the frame: it is put back where it was on the wire. */
  #restoreTag(at: number, status: number): void {
    const { bytes } = this.#memory;
    const moved = this.start - OFFLOAD_HEADER_LENGTH;
    bytes.copyWithin(moved - TAG_LENGTH, moved, this.start + ADDRESSES_LENGTH);
    this.start -= TAG_LENGTH;
    const tag = this.start + ADDRESSES_LENGTH;
    const hasTpid = (status & STATUS_TPID) !== 0;
    // The slot's fields are in the machine's order, little-endian; the tag is in the network's.
    bytes[tag] = hasTpid ? (bytes[at + SLOT.tpid + 1] ?? 0) : VLAN >>> 8;
    bytes[tag + 1] = hasTpid ? (bytes[at + SLOT.tpid] ?? 0) : VLAN & 0xff;
    bytes[tag + 2] = bytes[at + SLOT.tci + 1] ?? 0;
    bytes[tag + 3] = bytes[at + SLOT.tci] ?? 0;
  }
}

/** Of the slot whose header starts at `word`. */
const timeOf = (words: Uint32Array, word: number): number =>
  (words[word + SLOT.seconds / 4] ?? 0) * 1e6 +
  Math.floor((words[word + SLOT.nanos / 4] ?? 0) / 1000);

/** Opens rings of one memory and size all at once, which takes no longer than to open one: 15 to 30 ms. */
export function openRings(memory: FrameMemory, rings: readonly PacketRing[], size: RingSize): void {
  const sockets = rings.flatMap(({ fd, interfaceIndex, offset }) => [fd, interfaceIndex, offset]);
  native.ringsOpen(memory.buffer, Uint32Array.from(sockets), size.slotBytes, size.slots);
}
