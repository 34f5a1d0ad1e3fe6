// One connection and a peer that the test plays by hand: segments in, segments and events out, on a clock that the test moves.
import { seededRandom } from '../../../../src/base/random.ts';
import type { TcpEvent } from '../../../../src/roles/endpoint/tcp/event.ts';
import { type TcpEnds, packetsOf } from '../../../../src/roles/endpoint/tcp/packets.ts';
import type { TcpSegment } from '../../../../src/roles/endpoint/tcp/segment.ts';
import type { TcpPolicy, TcpSettings } from '../../../../src/roles/endpoint/tcp/settings.ts';
import { type Tcp, createTcp } from '../../../../src/roles/endpoint/tcp/tcp.ts';
import { type TcpSpec, buildTcp } from '../../../../src/wire/build.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { TCP_FLAG, formatTcpFlags, maximumSegmentSizeOption } from '../../../../src/wire/tcp.ts';
import { ip } from '../../forward/router.ts';

export const V4: TcpEnds = {
  source: ip('10.0.0.1'),
  destination: ip('10.0.0.2'),
  sourcePort: 40_000,
  destinationPort: 9000,
};
export const V6: TcpEnds = { ...V4, source: ip('fd00::1'), destination: ip('fd00::2') };

export const swapped = ({
  source,
  destination,
  sourcePort,
  destinationPort,
}: TcpEnds): TcpEnds => ({
  source: destination,
  destination: source,
  sourcePort: destinationPort,
  destinationPort: sourcePort,
});

export const OWN = 1000;
export const PEER = 5000;
export const START = 1_700_000_000_000_000;
export const MILLI = 1000;
const { ACK, SYN } = TCP_FLAG;

export const text = (words: string): Uint8Array => Buffer.from(words, 'latin1');

type Arrived = Omit<Partial<TcpSpec>, 'source' | 'destination' | 'sourcePort' | 'destinationPort'>;

export class Playbook {
  readonly tcp: Tcp;
  now: number = START;
  readonly segments: TcpSegment[] = [];
  readonly events: TcpEvent[] = [];
  readonly #ends: TcpEnds;
  readonly #view = new PacketView();
  #seen = 0;

  /** No options beyond the MSS unless `settings` ask for them, so that sizes are plain. */
  constructor(
    settings: Partial<TcpSettings> = {},
    policy: Partial<TcpPolicy> = {},
    ends: TcpEnds = V4,
  ) {
    this.#ends = ends;
    const plain = { timestamps: false, windowScale: false, sackPermitted: false };
    this.tcp = createTcp({
      settings: { initialSequence: OWN, receiveBuffer: 65_535, ...plain, ...settings },
      policy,
      random: seededRandom(1),
      output: {
        emit: (segment) => this.segments.push(segment),
        report: (event) => this.events.push(event),
      },
    });
  }

  /** A connection that we opened, with nothing left to say. */
  static opened(
    settings: Partial<TcpSettings> = {},
    policy: Partial<TcpPolicy> = {},
    peer: Arrived = {},
  ): Playbook {
    const book = new Playbook(settings, policy);
    book.tcp.open(book.now);
    const options = maximumSegmentSizeOption(1460);
    book.receive({ sequence: PEER, acknowledgment: OWN + 1, flags: SYN | ACK, options, ...peer });
    book.sent();
    book.events.length = 0;
    return book;
  }

  /** A segment from the peer; PEER + 1 and OWN + 1 are the next numbers after the handshake. */
  receive(spec: Arrived): void {
    const packet = buildTcp({
      sequence: PEER + 1,
      acknowledgment: OWN + 1,
      flags: ACK,
      ...spec,
      ...swapped(this.#ends),
    });
    this.receivePacket(packet);
  }

  /** Its memory is overwritten afterwards, as a ring's is. */
  receivePacket(packet: Uint8Array): void {
    const memory = packet.slice();
    if (!this.#view.load(memory, 0, memory.length)) throw new Error(this.#view.fault ?? '');
    this.tcp.receive(this.#view, this.now);
    memory.fill(0xee);
  }

  /** Moves the clock, and lets each timer run out when it is due. */
  pass(micros: number): void {
    const end = this.now + micros;
    while (this.tcp.nextDue <= end) {
      this.now = Math.max(this.now, this.tcp.nextDue);
      this.tcp.tick(this.now);
    }
    this.now = end;
  }

  /** What was emitted since the last call: flags, sequence and acknowledgment from the initial ones on, bytes. */
  sent(): string[] {
    const fresh = this.segments.slice(this.#seen);
    this.#seen = this.segments.length;
    return fresh.map(describeSegment);
  }

  kinds(): string[] {
    return this.events.filter(({ kind }) => kind !== 'segment').map(({ kind }) => kind);
  }

  packets(): Uint8Array[] {
    return this.segments.flatMap((segment) => packetsOf(segment, this.#ends));
  }
}

function describeSegment({ flags, sequence, acknowledgment, payload }: TcpSegment): string {
  const ack = (flags & ACK) !== 0 ? ` ack ${(acknowledgment - PEER) | 0}` : '';
  const bytes = payload.length > 0 ? ` "${Buffer.from(payload).toString('latin1')}"` : '';
  return `${formatTcpFlags(flags)} ${(sequence - OWN) | 0}${ack}${bytes}`;
}
