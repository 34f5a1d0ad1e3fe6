// A small ring on the interface of each member that takes part, to send by and to receive from.
import { inNamespace } from '../../../kernel/namespace.ts';
import { FrameMemory, PacketRing, openRings, slotBytesFor } from '../../../kernel/packet-ring.ts';
import { invariant } from '../../../base/invariant.ts';
import type { PlanMember } from '../../../model/plan.ts';
import { MOST_BURST } from './probe-plan.ts';

const LINK_HEADERS = 18;
/** What `FrameMemory.take` may round up to. */
const PAGE = 65_536;

export class ProbeRings {
  readonly memory: FrameMemory;
  readonly #frames: Map<string, number> = new Map<string, number>();
  readonly #rings: Map<string, PacketRing> = new Map<string, PacketRing>();

  constructor(members: readonly PlanMember[], mtu: number, namespaceFd: (node: string) => number) {
    // A whole burst may arrive before anybody reads.
    const size = { slotBytes: slotBytesFor(mtu + LINK_HEADERS), slots: MOST_BURST };
    const each = size.slotBytes * (size.slots + 1) + 2 * PAGE;
    this.memory = new FrameMemory(each * members.length);
    try {
      for (const member of members) {
        if (this.#rings.has(keyOf(member))) continue;
        const ring = inNamespace(
          namespaceFd(member.node),
          () => new PacketRing(this.memory, member.interface, size),
        );
        this.#rings.set(keyOf(member), ring);
        this.#frames.set(keyOf(member), this.memory.take(size.slotBytes));
      }
      openRings(this.memory, [...this.#rings.values()], size);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  of(member: PlanMember): PacketRing {
    const ring = this.#rings.get(keyOf(member));
    invariant(ring, `Interface "${member.interface}" takes part in the measurement`);
    return ring;
  }

  /** Where in the memory there is room for one frame that the member sends, with its headers. */
  frameOf(member: PlanMember): number {
    return this.#frames.get(keyOf(member)) ?? 0;
  }

  close(): void {
    for (const ring of this.#rings.values()) ring.close();
  }
}

/** Interfaces of different nodes may share a name. */
const keyOf = (member: PlanMember): string => `${member.node} ${member.interface}`;
