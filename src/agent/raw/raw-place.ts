// One node's raw endpoints: its rings, and whose each packet is that comes in by them.
import { invariant } from '../../base/invariant.ts';
import { inNamespace } from '../../kernel/namespace.ts';
import {
  type FrameMemory,
  PACKET_TYPE_HOST,
  PacketRing,
  type RingFrame,
  openRings,
  slotBytesFor,
} from '../../kernel/packet-ring.ts';
import { Reassembler } from '../../roles/endpoint/reassembler.ts';
import { findIpHeader } from '../../wire/ethernet.ts';
import { concatBytes } from '../../wire/bytes.ts';
import { PacketView } from '../../wire/packet.ts';
import { repairChecksums } from '../../wire/rewrite.ts';
import { needsChecksum } from '../packet/frame-offload.ts';
import { ChannelTable, type TableEntry } from './channel-table.ts';
import type { Hop, RawInterface } from './egress.ts';
import type { Exit } from './frame-emitter.ts';
import type { PlaceOrder } from './order.ts';

/** Bytes of one interface's ring, which are the kernel's and are taken at once. */
const RING_BYTES = 2 ** 21;
const FEWEST_SLOTS = 64;
const LINK_HEADERS = 18;
const MAC_LENGTH = 6;

/** Whoever gets packets. */
export interface PacketTaker extends TableEntry {
  /** The packet is whole, and only valid for now. */
  take(packet: PacketView, now: number): void;
}

export interface NamedRing {
  readonly name: string;
  readonly ring: PacketRing;
}

export class RawPlace {
  readonly node: string;
  readonly table: ChannelTable<PacketTaker> = new ChannelTable<PacketTaker>();
  readonly #memory: FrameMemory;
  readonly #rings = new Map<string, PacketRing>();
  readonly #view = new PacketView();
  readonly #reassembler = new Reassembler();

  constructor(memory: FrameMemory, node: string) {
    this.node = node;
    this.#memory = memory;
  }

  /** Opens the rings that are not open yet, and gives these. Throws where there is no such interface, or it is not allowed. */
  open({ namespaceFd, interfaces }: PlaceOrder): NamedRing[] {
    const added = interfaces.filter(({ name }) => !this.#rings.has(name));
    const opened: NamedRing[] = [];
    // All of one size are opened at once, which takes no longer than to open one.
    for (const slotBytes of new Set(added.map(slotBytesOf))) {
      const size = { slotBytes, slots: Math.max(FEWEST_SLOTS, RING_BYTES / slotBytes) };
      const group = added.filter((device) => slotBytesOf(device) === slotBytes);
      const rings = inNamespace(namespaceFd, () =>
        group.map(({ name }) => ({ name, ring: new PacketRing(this.#memory, name, size) })),
      );
      const bare = rings.map(({ ring }) => ring);
      openRings(this.#memory, bare, size);
      opened.push(...rings);
    }
    for (const { name, ring } of opened) this.#rings.set(name, ring);
    return opened;
  }

  /** By which packets of this hop leave. */
  exit({ interface: { name }, macs }: Hop): Exit {
    const ring = this.#rings.get(name);
    invariant(ring, `Node "${this.node}" has a ring on ${name}`);
    return { fd: ring.fd, macs };
  }

  /** Hands over what came in by one ring, at most `limit` frames. */
  serve(ring: PacketRing, limit: number, now: number): void {
    ring.read(limit, { onFrame: (frame) => this.#onFrame(ring, frame, now) });
  }

  #onFrame(ring: PacketRing, { packetType, start, end }: RingFrame, now: number): void {
    if (packetType !== PACKET_TYPE_HOST) return;
    const view = this.#view;
    const at = findIpHeader(this.#memory.bytes, start, end);
    if (at < 0 || !view.load(this.#memory.bytes, at, end)) return;
    // What a kernel on an interface with offloads left to the hardware.
    if (needsChecksum(this.#memory.bytes, start)) repairChecksums(view);
    if (view.isFragment) {
      const whole = this.#reassembler.push(view, now);
      if (!whole || !view.load(whole, 0, whole.length)) return;
    }
    this.table.visit(view, (taker) => {
      if (taker.path.isPeerHidden) this.#meet(taker, ring, start);
      taker.take(view, now);
    });
  }

  /** The first packet of a peer behind NAT says where answers go. */
  #meet(taker: PacketTaker, ring: PacketRing, frame: number): void {
    const { path } = taker;
    const memory = this.#memory.bytes;
    const macs = concatBytes(
      memory.subarray(frame + MAC_LENGTH, frame + 2 * MAC_LENGTH),
      memory.subarray(frame, frame + MAC_LENGTH),
    );
    this.table.remove(taker);
    path.ends = { ...path.ends, peer: this.#view.source, peerPort: this.#view.sourcePort };
    path.exit = { fd: ring.fd, macs };
    path.isPeerHidden = false;
    this.table.add(taker);
  }
}

const slotBytesOf = ({ longestPacket }: RawInterface): number =>
  slotBytesFor(longestPacket + LINK_HEADERS);
