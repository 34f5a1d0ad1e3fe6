// A bridge whose frames pass through packet rings: its censors see each IP packet that goes from port to port. In the way we carry the
// frames and the kernel has no bridge; beside the way the kernel carries them and we only add packets. Frames go on as they came, and
// what censors send goes out under the MACs that its addresses go by: the bridge itself has none.
import type { FrameHandler, PacketRing, RingFrame } from '../../kernel/packet-ring.ts';
import { parseMac, parsePrefix } from '../../base/addresses.ts';
import type { PlanMember } from '../../model/plan.ts';
import { readU8, writeU16 } from '../../wire/bytes.ts';
import { ETHERNET_HEADER_LENGTH, ETHERTYPE } from '../../wire/ethernet.ts';
import { fragmentIpv4 } from '../../wire/fragment.ts';
import { ipv4DontFragment } from '../../wire/ipv4.ts';
import type { Departure } from './emission-queue.ts';
import type { EventReporter } from './event-reporter.ts';
import { finishChecksum } from './frame-offload.ts';
import { addressPlaces, judgedEnd } from './frame-packet.ts';
import { FORGED, JudgeChain, type Judge } from './judge-chain.ts';
import { MacTable } from './mac-table.ts';
import { NeighbourTable } from './neighbour-table.ts';
import type { PacketLoop } from './packet-loop.ts';

const MAC_LENGTH = 6;
const ETHERTYPE_AT = 12;

export interface BridgePortOptions {
  readonly ring: PacketRing;
  /** Longest packet that leaves by it, in bytes. */
  readonly mtu: number;
  /** Whom the plan has behind it. */
  readonly members: readonly PlanMember[];
}

export interface BridgePathOptions {
  readonly node: string;
  readonly ports: readonly BridgePortOptions[];
  readonly judges: readonly Judge[];
  /** Whether we carry the frames, or the kernel does. */
  readonly forwards: boolean;
}

export class BridgePath implements Departure {
  readonly ports: readonly BridgePort[];
  /** Censors' packets to addresses that nobody has, and those that are too long for where they go. */
  unroutable = 0;
  tooLong = 0;
  readonly #loop: PacketLoop;
  readonly #forwards: boolean;
  readonly #chain: JudgeChain;
  readonly #behind = new MacTable<BridgePort>();
  /** As frames tell it, and as the plan does where they have not. */
  readonly #seen = new NeighbourTable();
  readonly #planned = new NeighbourTable();
  /** Where the frame lies that is being judged; -1 where none is. */
  #frame = -1;

  constructor(loop: PacketLoop, reporter: EventReporter, options: BridgePathOptions) {
    this.#loop = loop;
    this.#forwards = options.forwards;
    this.#chain = new JudgeChain(options.judges, options.node, reporter, (packet, at, stage) =>
      this.#emit(packet, at, stage),
    );
    this.ports = options.ports.map(({ ring, mtu, members }) => {
      const port = new BridgePort(this, ring, mtu);
      for (const member of members) this.#place(member, port);
      return port;
    });
  }

  take({ start, end, time }: RingFrame, port: BridgePort): void {
    const { bytes } = this.#loop.memory;
    this.#behind.learn(bytes, start + MAC_LENGTH, port);
    const target = this.#behind.find(bytes, start);
    if (target === port) return;
    const packetEnd = judgedEnd(bytes, start, end);
    if (packetEnd >= 0 && !this.#judge(bytes, start, end, packetEnd, time)) return;
    if (this.#forwards) this.#deliver(start, end, port, target);
  }

  /** The frame's header lies before what was stored. */
  onDue(start: number, end: number, stage: number): void {
    const { memory, now } = this.#loop;
    if (stage !== FORGED && !this.#chain.judge(memory.bytes, start, end, now, stage)) return;
    this.#send(start, end);
  }

  #judge(memory: Uint8Array, start: number, end: number, packetEnd: number, time: number): boolean {
    finishChecksum(memory, start, end);
    const packet = start + ETHERNET_HEADER_LENGTH;
    const { source, destination, length } = addressPlaces(isIpv4(memory, packet));
    // What is too short to hold them is shown to the censor all the same.
    if (packet + destination + length <= end) {
      this.#seen.learn(memory, packet + source, length, start + MAC_LENGTH);
      this.#seen.learn(memory, packet + destination, length, start);
    }
    this.#frame = start;
    const passes = this.#chain.judge(memory, packet, packetEnd, time);
    this.#frame = -1;
    return passes;
  }

  #emit(packet: Uint8Array, at: number, stage: number): void {
    const { queue, now } = this.#loop;
    const start = queue.store(packet, 0, packet.length);
    if (start < 0) return;
    // Who is meant is known now, and may not be when it is due.
    if (!this.#writeHeader(start)) {
      this.unroutable += 1;
      queue.discard(start);
      return;
    }
    if (at > now || queue.nextDue <= now) {
      queue.push(start, at, this, stage);
      return;
    }
    // Due at once: it leaves before the packet that is being judged.
    this.onDue(start, start + packet.length, stage);
    queue.discard(start);
  }

  #writeHeader(start: number): boolean {
    const { bytes } = this.#loop.memory;
    const isV4 = isIpv4(bytes, start);
    const { source, destination, length } = addressPlaces(isV4);
    const to = start - ETHERNET_HEADER_LENGTH;
    const isFound =
      this.#resolve(start + destination, length, to, this.#frame) &&
      this.#resolve(start + source, length, to + MAC_LENGTH, this.#frame + MAC_LENGTH);
    writeU16(bytes, to + ETHERTYPE_AT, isV4 ? ETHERTYPE.ipv4 : ETHERTYPE.ipv6);
    return isFound;
  }

  /** The MAC of the address at `at`. One that nobody was seen with is beyond the router that the frame being judged is of. */
  #resolve(at: number, length: number, to: number, instead: number): boolean {
    const { bytes } = this.#loop.memory;
    if (this.#seen.resolve(bytes, at, length, bytes, to)) return true;
    if (this.#planned.resolve(bytes, at, length, bytes, to)) return true;
    if (this.#frame < 0) return false;
    bytes.copyWithin(to, instead, instead + MAC_LENGTH);
    return true;
  }

  #send(packet: number, end: number): void {
    const { bytes } = this.#loop.memory;
    const start = packet - ETHERNET_HEADER_LENGTH;
    const target = this.#behind.find(bytes, start);
    const from = this.#behind.find(bytes, start + MAC_LENGTH);
    const mtu = target?.mtu ?? Math.min(...this.ports.map((port) => port.mtu));
    if (end - packet <= mtu) {
      this.#deliver(start, end, target === undefined ? from : undefined, target);
      return;
    }
    if (!isIpv4(bytes, packet) || ipv4DontFragment(bytes, packet)) {
      this.tooLong += 1;
      return;
    }
    for (const fragment of fragmentIpv4(bytes, packet, end, mtu)) this.#sendNew(fragment, start);
  }

  /** Under the Ethernet header at `header`. */
  #sendNew(packet: Uint8Array, header: number): void {
    const { memory, queue } = this.#loop;
    const start = queue.store(packet, 0, packet.length);
    if (start < 0) return;
    memory.bytes.copyWithin(
      start - ETHERNET_HEADER_LENGTH,
      header,
      header + ETHERNET_HEADER_LENGTH,
    );
    this.#send(start, start + packet.length);
    queue.discard(start);
  }

  /** By the port `target`; where that is not known, by all but the one it is from. */
  #deliver(
    start: number,
    end: number,
    from: BridgePort | undefined,
    target: BridgePort | undefined,
  ): void {
    const { transmitter } = this.#loop;
    if (target !== undefined) {
      transmitter.send(target.ring.fd, start, end);
      return;
    }
    for (const port of this.ports) if (port !== from) transmitter.send(port.ring.fd, start, end);
  }

  #place({ mac, addresses }: PlanMember, port: BridgePort): void {
    const parsed = parseMac(mac);
    if (!parsed.ok) return;
    this.#behind.learn(parsed.value, 0, port);
    for (const text of addresses) {
      const prefix = parsePrefix(text);
      if (!prefix.ok) continue;
      const { bytes } = prefix.value.address;
      const both = Uint8Array.from([...bytes, ...parsed.value]);
      this.#planned.learn(both, 0, bytes.length, bytes.length);
    }
  }
}

export class BridgePort implements FrameHandler {
  readonly ring: PacketRing;
  readonly mtu: number;
  readonly #bridge: BridgePath;

  constructor(bridge: BridgePath, ring: PacketRing, mtu: number) {
    this.#bridge = bridge;
    this.ring = ring;
    this.mtu = mtu;
  }

  onFrame(frame: RingFrame): void {
    this.#bridge.take(frame, this);
  }
}

const isIpv4 = (memory: Uint8Array, packet: number): boolean => readU8(memory, packet) >>> 4 === 4;
