// A node whose packets pass through a packet ring: its censors see each packet that is to be forwarded. In the way (ring) we
// forward what they let pass and the kernel does not; beside the way (copies) the kernel forwards and we only add packets.
import {
  type FrameHandler,
  PACKET_TYPE_HOST,
  type PacketRing,
  type RingFrame,
} from '../../kernel/packet-ring.ts';
import { ETHERNET_HEADER_LENGTH, ETHERTYPE } from '../../wire/ethernet.ts';
import { readU16, readU8, writeU16 } from '../../wire/bytes.ts';
import { type ForwardOutput, type Forwarder, ipPacketEnd } from '../../roles/forward/forwarder.ts';
import type { Route } from '../../roles/forward/route-table.ts';
import type { Carrier } from './carry/carrier.ts';
import type { CarriedCount } from './censor-set.ts';
import type { Departure } from './emission-queue.ts';
import { finishChecksum, wirePacketLength } from './frame-offload.ts';
import { FORGED, JudgeChain, type Judge } from './judge-chain.ts';
import type { EventReporter } from './event-reporter.ts';
import type { PacketLoop, TurnTask } from './packet-loop.ts';
import type { RawInjector } from './raw-injector.ts';

const MACS_LENGTH = 12;

export interface NodePathOptions {
  readonly node: string;
  /** By interface index. */
  readonly rings: readonly PacketRing[];
  readonly forwarder: Forwarder;
  readonly judges: readonly Judge[];
  /** Whether we forward, or the kernel does. */
  readonly forwards: boolean;
  /** Sends what censors make by the kernel's own routing; without it, it goes by the plan's main table. */
  readonly injector: RawInjector | undefined;
  /** Hands what is decided to the kernel. */
  readonly carrier: Carrier;
}

export class NodePath implements FrameHandler, Departure, ForwardOutput, TurnTask {
  /** Packets dropped because their header is wrong, and censors' packets that have nowhere to go. */
  malformed = 0;
  unroutable = 0;
  readonly #loop: PacketLoop;
  readonly #rings: readonly PacketRing[];
  readonly #forwarder: Forwarder;
  readonly #forwards: boolean;
  readonly #injector: RawInjector | undefined;
  readonly #carrier: Carrier;
  readonly #chain: JudgeChain;

  constructor(loop: PacketLoop, reporter: EventReporter, options: NodePathOptions) {
    this.#loop = loop;
    this.#rings = options.rings;
    this.#forwarder = options.forwarder;
    this.#forwards = options.forwards;
    this.#injector = options.injector;
    this.#carrier = options.carrier;
    this.#chain = new JudgeChain(options.judges, options.node, reporter, (packet, at, stage) =>
      this.#emit(packet, at, stage),
    );
  }

  onFrame(frame: RingFrame): void {
    const { bytes } = this.#loop.memory;
    const etherType = readU16(bytes, frame.start + MACS_LENGTH);
    if (etherType !== ETHERTYPE.ipv4 && etherType !== ETHERTYPE.ipv6) return;
    // Groups and other hosts' frames are never forwarded; what they are to this node is the kernel's business.
    if (frame.packetType !== PACKET_TYPE_HOST) return;
    const start = frame.start + ETHERNET_HEADER_LENGTH;
    switch (this.#forwarder.classify(bytes, start, frame.end)) {
      case 'kernel':
        return;
      case 'malformed':
        this.malformed += 1;
        return;
      case 'forward':
        this.#take(bytes, frame, start, ipPacketEnd(bytes, start));
    }
  }

  get carried(): CarriedCount {
    return this.#carrier.count;
  }

  afterTurn(): void {
    this.#carrier.settle(this.#chain.epoch, this.#loop.now);
  }

  close(): void {
    this.#carrier.close();
  }

  onDue(start: number, end: number, stage: number): void {
    const { bytes } = this.#loop.memory;
    if (stage !== FORGED) {
      this.#pass(bytes, start, end, this.#loop.now, stage);
      return;
    }
    if (this.#injector) {
      this.#injector.send(start, end);
      return;
    }
    if (!this.#forwarder.inject(bytes, start, end, this)) this.unroutable += 1;
  }

  send(memory: Uint8Array, start: number, end: number, route: Route): void {
    const ring = this.#rings[route.port];
    if (!ring) return;
    const at = start - ETHERNET_HEADER_LENGTH;
    for (let index = 0; index < MACS_LENGTH; index += 1)
      memory[at + index] = route.macs[index] ?? 0;
    const isV4 = readU8(memory, start) >>> 4 === 4;
    writeU16(memory, at + MACS_LENGTH, isV4 ? ETHERTYPE.ipv4 : ETHERTYPE.ipv6);
    this.#loop.transmitter.send(ring.fd, at, end);
  }

  sendNew(packet: Uint8Array, route: Route): void {
    const { memory, queue } = this.#loop;
    const start = queue.store(packet, 0, packet.length);
    if (start < 0) return;
    this.send(memory.bytes, start, start + packet.length, route);
    queue.discard(start);
  }

  #take(memory: Uint8Array, frame: RingFrame, start: number, end: number): void {
    const { time } = frame;
    if (this.#forwards && this.#carrier.wasCarried(memory, start, end, time)) return;
    finishChecksum(memory, frame.start, frame.end);
    this.#pass(memory, start, end, time, 0);
    this.#carrier.note(memory, start, end, time, this.#chain.isSettled);
  }

  /** A censor sees the TTL that the packet came with; it is lowered when the packet goes on. */
  #pass(memory: Uint8Array, start: number, end: number, now: number, stage: number): void {
    if (!this.#chain.judge(memory, start, end, now, stage) || !this.#forwards) return;
    const longest = wirePacketLength(memory, start - ETHERNET_HEADER_LENGTH, end);
    this.#forwarder.forward(memory, start, end, now, this, longest);
  }

  #emit(packet: Uint8Array, at: number, stage: number): void {
    const { queue, now } = this.#loop;
    const start = queue.store(packet, 0, packet.length);
    if (start < 0) return;
    if (at > now || queue.nextDue <= now) {
      queue.push(start, at, this, stage);
      return;
    }
    // Due at once: it leaves before the packet that is being judged.
    this.onDue(start, start + packet.length, stage);
    queue.discard(start);
  }
}
