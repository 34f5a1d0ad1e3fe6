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
import type { Hop } from './egress.ts';
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

export class RawPlace {
  readonly node: string;
  readonly rings: readonly PacketRing[];
  readonly table: ChannelTable<PacketTaker> = new ChannelTable<PacketTaker>();
  readonly #memory: Uint8Array;
  readonly #names: ReadonlyMap<string, PacketRing>;
  readonly #view = new PacketView();
  readonly #reassembler = new Reassembler();

  /** Throws where the node has no such interface, or opening is not allowed. */
  constructor(memory: FrameMemory, { node, namespaceFd, interfaces }: PlaceOrder) {
    this.node = node;
    this.#memory = memory.bytes;
    const longest = Math.max(...interfaces.map(({ longestPacket }) => longestPacket));
    const slotBytes = slotBytesFor(longest + LINK_HEADERS);
    const size = { slotBytes, slots: Math.max(FEWEST_SLOTS, RING_BYTES / slotBytes) };
    this.#names = inNamespace(
      namespaceFd,
      () => new Map(interfaces.map(({ name }) => [name, new PacketRing(memory, name, size)])),
    );
    this.rings = [...this.#names.values()];
    openRings(memory, this.rings, size);
  }

  /** By which packets of this hop leave. */
  exit({ interface: name, macs }: Hop): Exit {
    const ring = this.#names.get(name);
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
    const at = findIpHeader(this.#memory, start, end);
    if (at < 0 || !view.load(this.#memory, at, end)) return;
    // What a kernel on an interface with offloads left to the hardware.
    if (needsChecksum(this.#memory, start)) repairChecksums(view);
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
    const memory = this.#memory;
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
