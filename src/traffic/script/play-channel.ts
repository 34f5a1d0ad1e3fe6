// One end of a channel while a program plays: what has come, and what became of the connection.
import type { ScriptTransport } from '../../model/script.ts';
import { isDatagram } from '../../model/script-transport.ts';
import { type Arrivals, type Difference, datagramArrivals, streamArrivals } from './arrivals.ts';
import { type Packets, createPackets } from './packets.ts';
import type { PlayPacket } from './play.ts';
import type { ChannelFacts } from './program-facts.ts';
import { type Reader, UNREAD_LIMIT, datagramReader, streamReader } from './reader.ts';

export class PlayChannel {
  /** When it opened, microseconds since the epoch; null before. */
  opened: number | null = null;
  hasEnded = false;
  wasReset = false;
  readonly isStream: boolean;
  readonly arrivals: Arrivals;
  readonly reader: Reader;
  /** Those that `expect` reads, and those that the script says are to arrive. */
  readonly packets: Packets = createPackets();
  readonly segments: Packets = createPackets();
  readonly #facts: ChannelFacts;

  constructor(transport: ScriptTransport, facts: ChannelFacts) {
    this.#facts = facts;
    this.isStream = !isDatagram(transport);
    this.arrivals = this.isStream
      ? streamArrivals(facts.compares)
      : datagramArrivals(facts.compares);
    this.reader = this.isStream ? streamReader() : datagramReader();
  }

  /** Takes what came; tells how it differs from what was sent, or that it is more than can be kept. */
  receive(bytes: Uint8Array): Difference | string | null {
    if (this.#facts.reads) {
      this.reader.push(bytes);
      if (this.reader.length > UNREAD_LIMIT)
        return `More than ${UNREAD_LIMIT} bytes came that no step has read`;
    }
    return this.arrivals.receive(bytes);
  }

  notePacket(packet: PlayPacket): void {
    if (this.#facts.readsPackets) this.packets.push(packet);
    if (this.#facts.awaitsSegments) this.segments.push(packet);
  }

  /** Whether more is known to come than has. */
  get mayGrow(): boolean {
    return !this.hasEnded && !this.wasReset && this.arrivals.received < this.arrivals.announced;
  }
}
