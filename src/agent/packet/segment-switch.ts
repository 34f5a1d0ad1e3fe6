// A learning Ethernet switch (IEEE 802.1D) in user space. Frames that a member sends are impaired as they enter, then
// delivered: to the port behind which the destination was seen, or to all others. Members on other machines are behind one more
// port, the trunk, which impairs nothing: their frames were impaired where they were sent.
import type { PacketRing } from '../../kernel/packet-ring.ts';
import { type FrameHandler, type RingFrame } from '../../kernel/packet-ring.ts';
import { parseMac } from '../../base/addresses.ts';
import { seededRandom } from '../../base/random.ts';
import { Impairer } from '../../roles/impair/impairer.ts';
import type { PlanMember, PlanNetwork } from '../../model/plan.ts';
import { trunkPort } from '../trunk-port.ts';
import type { Departure } from './emission-queue.ts';
import { finishChecksum } from './frame-offload.ts';
import { MacTable } from './mac-table.ts';
import type { PacketLoop } from './packet-loop.ts';

const SOURCE = 6;

export class SegmentSwitch {
  readonly ports: readonly SwitchPort[];
  readonly #behind = new MacTable<SwitchPort>();

  /** This thread is in the segment's namespace. */
  constructor(
    loop: PacketLoop,
    network: PlanNetwork,
    seed: number,
    addRing: (interfaceName: string) => PacketRing,
  ) {
    const members = network.members.map((member) => {
      const random = seededRandom(seed, `impair/${network.name}/${member.node}`);
      const impairer = member.impairment ? new Impairer(member.impairment, random) : null;
      return new SwitchPort(loop, this, addRing(portOf(member)), impairer);
    });
    const trunks = (network.trunks ?? []).map(
      (trunk) => new SwitchPort(loop, this, addRing(trunkPort(trunk)), null),
    );
    this.ports = [...members, ...trunks];
    // The plan knows who is where, so no first frame has to be flooded.
    for (const [index, { mac }] of network.members.entries()) {
      const parsed = parseMac(mac);
      const port = this.ports[index];
      if (parsed.ok && port) this.learn(parsed.value, 0, port);
    }
  }

  learn(memory: Uint8Array, at: number, port: SwitchPort): void {
    this.#behind.learn(memory, at, port);
  }

  deliver(memory: Uint8Array, start: number, end: number, from: SwitchPort): void {
    const target = this.#behind.find(memory, start);
    if (target === from) return;
    if (target) {
      target.transmit(start, end);
      return;
    }
    for (const port of this.ports) if (port !== from) port.transmit(start, end);
  }
}

export class SwitchPort implements FrameHandler, Departure {
  readonly ring: PacketRing;
  readonly impairer: Impairer | null;
  readonly #loop: PacketLoop;
  readonly #segment: SegmentSwitch;

  constructor(
    loop: PacketLoop,
    segment: SegmentSwitch,
    ring: PacketRing,
    impairer: Impairer | null,
  ) {
    this.#loop = loop;
    this.#segment = segment;
    this.ring = ring;
    this.impairer = impairer;
  }

  onFrame({ start, end, time }: RingFrame): void {
    const { bytes } = this.#loop.memory;
    this.#segment.learn(bytes, start + SOURCE, this);
    if (!this.impairer) {
      this.#segment.deliver(bytes, start, end, this);
      return;
    }
    const copies = this.impairer.admit(end - start, time);
    for (let copy = 0; copy < copies; copy += 1)
      this.#depart(
        start,
        end,
        this.impairer.departures[copy] ?? time,
        this.impairer.flips[copy] ?? -1,
      );
  }

  onDue(start: number, end: number): void {
    this.#segment.deliver(this.#loop.memory.bytes, start, end, this);
  }

  transmit(start: number, end: number): void {
    this.#loop.transmitter.send(this.ring.fd, start, end);
  }

  #depart(start: number, end: number, at: number, flip: number): void {
    const { memory, queue, now } = this.#loop;
    if (at <= now && flip < 0) {
      this.#segment.deliver(memory.bytes, start, end, this);
      return;
    }
    const stored = queue.store(memory.bytes, start, end);
    if (stored < 0) return;
    if (flip >= 0) {
      finishChecksum(memory.bytes, stored, stored + end - start);
      const byte = stored + (flip >>> 3);
      memory.bytes[byte] = (memory.bytes[byte] ?? 0) ^ (0x80 >>> (flip & 7));
    }
    queue.push(stored, at, this, 0);
  }
}

/** Present on networks of kind `switch`. */
const portOf = (member: PlanMember): string => member.port ?? '';
