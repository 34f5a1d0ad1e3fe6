// Packets at the interfaces of one node, in the order in which the kernel saw them. The thread is in the node's network namespace.
import { PacketView } from '../../../wire/packet.ts';
import { findIpHeader } from '../../../wire/ethernet.ts';
import {
  type FrameMemory,
  PacketRing,
  type RingFrame,
  openRings,
} from '../../../kernel/packet-ring.ts';
import { bearsOwnChecksum } from '../../packet/frame-offload.ts';
import type { RawInterface } from '../../raw/egress.ts';
import { ringSizesFor } from './ring-sizes.ts';
import { closedFilter, tapFilter } from './tap-filter.ts';
import type { Wish } from './wish.ts';

export interface PacketHandler {
  /** The view is loaded, and only valid for now; bytes of the payload may have been cut. `time`: when the kernel saw it. */
  onPacket(view: PacketView, time: number, packetType: number): void;
}

interface NamedRing {
  readonly name: string;
  readonly ring: PacketRing;
}

export class Taps {
  /** Packets that were changed on their way. */
  damaged = 0;
  readonly rings: readonly NamedRing[];
  readonly #memory: FrameMemory;
  readonly #handler: PacketHandler;
  readonly #view = new PacketView();

  constructor(
    memory: FrameMemory,
    interfaces: readonly RawInterface[],
    wishes: readonly Wish[],
    handler: PacketHandler,
  ) {
    this.#memory = memory;
    this.#handler = handler;
    const hasWhole = wishes.some(({ isHead }) => !isHead);
    this.rings = interfaces.flatMap(({ name, longestPacket }) =>
      ringSizesFor(longestPacket, hasWhole).map(({ size, lengths }) => {
        const ring = new PacketRing(memory, name, size);
        // Before it is open, so that no other packet takes a slot.
        ring.setFilter(tapFilter(wishes, lengths));
        ring.takesCut = true;
        openRings(memory, [ring], size);
        ring.seeOutgoing();
        return { name, ring };
      }),
    );
  }

  /** The socket by which frames leave an interface. */
  exit(name: string): number | undefined {
    return this.rings.find((each) => each.name === name)?.ring.fd;
  }

  /** Hands over what came until `until`, at most about `limit` packets; how many. They stay in the rings until `release`. */
  read(limit: number, until: number): number {
    let count = 0;
    while (count < limit) {
      let earliest: PacketRing | undefined;
      let first = Infinity;
      let second = Infinity;
      for (const { ring } of this.rings) {
        const time = ring.nextTime;
        if (time < first) {
          second = first;
          first = time;
          earliest = ring;
        } else if (time < second) second = time;
      }
      if (!earliest || first > until) break;
      const ring = earliest;
      const onFrame = (frame: RingFrame): void => this.#onFrame(frame);
      count += ring.read(limit - count, { onFrame }, Math.min(until, second));
    }
    return count;
  }

  release(): void {
    for (const { ring } of this.rings) ring.release();
  }

  /** Nothing comes any more, but for what is in the rings; frames can still leave. */
  shut(): void {
    for (const { ring } of this.rings) ring.setFilter(closedFilter());
  }

  close(): void {
    for (const { ring } of this.rings) ring.close();
  }

  #onFrame({ start, end, wireEnd, time, packetType }: RingFrame): void {
    const { bytes } = this.#memory;
    const view = this.#view;
    const at = findIpHeader(bytes, start, end);
    if (at < 0 || !view.load(bytes, at, end, wireEnd - at)) return;
    const isWhole = end === wireEnd;
    if (isWhole && bearsOwnChecksum(bytes, start) && view.verifyTransportChecksum() === 'invalid') {
      this.damaged += 1;
      return;
    }
    this.#handler.onPacket(view, time, packetType);
  }
}
