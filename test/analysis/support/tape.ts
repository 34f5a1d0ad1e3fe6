// A lab on paper: client, middle and server in a row, captures on all four interfaces, and packets put on the way by hand.
import { formatIp, parseIp } from '../../../src/base/addresses.ts';
import type { IpAddress } from '../../../src/base/addresses.ts';
import type { ArmEvidence, CaptureFile } from '../../../src/analysis/evidence.ts';
import type { Observation } from '../../../src/model/observation.ts';
import type { Impairment, Plan } from '../../../src/model/plan.ts';
import type { AgentEvent } from '../../../src/model/rpc.ts';
import { buildIcmp, buildTcp, buildUdp } from '../../../src/wire/build.ts';
import { concatBytes } from '../../../src/wire/bytes.ts';
import { ETHERTYPE, buildEthernet } from '../../../src/wire/ethernet.ts';
import { encodePcapRecord, writePcapHeader } from '../../../src/wire/pcap.ts';
import { TCP_FLAG } from '../../../src/wire/tcp.ts';
import { type Place, PLACES, addressesOf, lineOfThree } from './plans.ts';

export type Family = 4 | 6;

export interface Segment {
  readonly forward: boolean;
  readonly flags?: readonly (keyof typeof TCP_FLAG)[];
  readonly sequence?: number;
  readonly acknowledgment?: number;
  readonly payload?: string | Uint8Array;
  readonly ipId?: number;
  readonly ttl?: number;
  /** TSval of a timestamps option; none unless given. */
  readonly timestamp?: number;
}

/** The part of the way that a packet takes; both ends included. Whole unless given. */
export interface Leg {
  readonly from?: Place;
  readonly to?: Place;
}

/** Milliseconds from one place to the next, in the direction of travel. */
const STEPS: Readonly<Record<string, number>> = {
  'client.inside>middle.inside': 5,
  'middle.inside>middle.outside': 0.1,
  'middle.outside>server.outside': 20,
};

/** When the tape begins: microseconds since the epoch. */
export const EPOCH = 1_790_000_000_000_000;

export interface TapeOptions {
  readonly family?: Family;
  readonly protocol?: 'tcp' | 'udp';
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly plan?: Partial<Plan>;
  /** By place: the captures that exist. */
  readonly captured?: readonly Place[];
}

export class Tape {
  readonly plan: Plan;
  readonly family: Family;
  readonly protocol: 'tcp' | 'udp';
  readonly client: IpAddress;
  readonly server: IpAddress;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly events: AgentEvent[] = [];
  readonly #records = new Map<Place, { time: number; frame: Uint8Array }[]>();
  readonly #captured: readonly Place[];
  #id = 100;

  constructor(options: TapeOptions = {}) {
    const { family = 4, protocol = 'tcp', captured = PLACES } = options;
    this.family = family;
    this.protocol = protocol;
    this.client = address(addressesOf(family).client);
    this.server = address(addressesOf(family).server);
    this.sourcePort = options.sourcePort ?? 40_000;
    this.destinationPort = options.destinationPort ?? (protocol === 'udp' ? 53 : 443);
    this.#captured = captured;
    this.plan = lineOfThree({
      ...options.plan,
      captures: captured.map((place) => captureAt(place, options.plan)),
    });
  }

  /** Puts a segment or datagram on the way at `time` (milliseconds from the start of the tape). */
  pass(time: number, segment: Segment, leg: Leg = {}): void {
    const id = segment.ipId ?? (this.#id += 1);
    this.along(time, segment.forward, leg, (ttl) => this.packet({ ttl, ...segment, ipId: id }));
  }

  /** The same for any packet; `build` is told the TTL at each place. */
  along(time: number, forward: boolean, leg: Leg, build: (ttl: number) => Uint8Array): void {
    const way = forward ? PLACES : [...PLACES].reverse();
    const start = leg.from ? way.indexOf(leg.from) : 0;
    const end = leg.to ? way.indexOf(leg.to) : way.length - 1;
    let at = time;
    for (const [index, place] of way.entries()) {
      if (index > start) at += stepBetween(way[index - 1], place);
      if (index < start || index > end) continue;
      this.record(place, at, build(index - start >= 2 || (start === 1 && index > 1) ? 63 : 64));
    }
  }

  /** One packet at one place. */
  record(place: Place, time: number, packet: Uint8Array): void {
    const mac = Uint8Array.of(2, 0, 0, 0, 0, 1);
    const type = this.family === 4 ? ETHERTYPE.ipv4 : ETHERTYPE.ipv6;
    const frame = buildEthernet(mac, mac, type, packet);
    const known = this.#records.get(place) ?? [];
    known.push({ time, frame });
    this.#records.set(place, known);
  }

  packet(segment: Segment): Uint8Array {
    const { forward, payload = '', ipId = 0, ttl = 64 } = segment;
    const ends = forward
      ? [this.client, this.server, this.sourcePort, this.destinationPort]
      : [this.server, this.client, this.destinationPort, this.sourcePort];
    const [source, destination, sourcePort, destinationPort] = ends as [
      IpAddress,
      IpAddress,
      number,
      number,
    ];
    const common = { source, destination, sourcePort, destinationPort, ttl, id: ipId };
    const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
    if (this.protocol === 'udp') return buildUdp({ ...common, payload: bytes });
    const { flags = ['ACK'], sequence = 0, acknowledgment = 0, timestamp } = segment;
    return buildTcp({
      ...common,
      sequence,
      acknowledgment,
      flags: flags.reduce((bits, flag) => bits | TCP_FLAG[flag], 0),
      payload: bytes,
      options: timestamp === undefined ? new Uint8Array(0) : timestampOption(timestamp),
    });
  }

  icmp(from: IpAddress, type: number, code: number, quoted: Uint8Array, ttl: number): Uint8Array {
    const spec = { source: from, destination: this.client, ttl };
    return buildIcmp(spec, { type, code, id: 0, sequence: 0, data: quoted });
  }

  /** SYN at 0 ms, SYN+ACK, ACK; sequence numbers begin at 1000 and 5000. */
  handshake(time = 0): void {
    this.pass(time, { forward: true, flags: ['SYN'], sequence: 1000 });
    this.pass(time + 25.2, {
      forward: false,
      flags: ['SYN', 'ACK'],
      sequence: 5000,
      acknowledgment: 1001,
    });
    this.pass(time + 50.4, { forward: true, sequence: 1001, acknowledgment: 5001 });
  }

  observation(changes: Partial<Observation> = {}): Observation {
    return {
      flow: 'flow',
      attempt: 1,
      node: 'client',
      probe: this.protocol === 'udp' ? 'dns' : 'tls',
      failure: null,
      operation: null,
      start: EPOCH,
      end: EPOCH + 1_000_000,
      fiveTuple: {
        protocol: this.protocol,
        source: formatIp(this.client),
        sourcePort: this.sourcePort,
        destination: formatIp(this.server),
        destinationPort: this.destinationPort,
      },
      timings: {},
      received: 0,
      ...changes,
    };
  }

  captures(): CaptureFile[] {
    return this.#captured.map((place) => {
      const [node = '', network = ''] = place.split('.');
      const records = (this.#records.get(place) ?? []).toSorted((a, b) => a.time - b.time);
      const bytes = concatBytes(
        writePcapHeader(),
        ...records.map(({ time, frame }) => encodePcapRecord(EPOCH + time * 1000, frame)),
      );
      return { capture: place, node, network, bytes };
    });
  }

  evidence(...observations: readonly Observation[]): ArmEvidence {
    return { plan: this.plan, captures: this.captures(), events: this.events, observations };
  }
}

/** A link that delays by what the tape does and otherwise does nothing. */
export const impairment = (changes: Partial<Impairment> = {}): Impairment => ({
  delay: 0,
  jitter: 0,
  lossRatio: 0,
  duplicateRatio: 0,
  reorderRatio: 0,
  corruptRatio: 0,
  rate: null,
  queue: 0,
  ...changes,
});

export function address(text: string): IpAddress {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

function captureAt(place: Place, plan: Partial<Plan> | undefined): Plan['captures'][number] {
  const [node = '', network = ''] = place.split('.');
  const given = plan?.captures?.find((one) => one.node === node && one.network === network);
  const file = `captures/${place}.pcap`;
  return given ?? { node, network, interface: '', file, filter: '', snaplen: 65_535 };
}

function stepBetween(left: Place | undefined, right: Place): number {
  return STEPS[`${left ?? ''}>${right}`] ?? STEPS[`${right}>${left ?? ''}`] ?? 0;
}

function timestampOption(value: number): Uint8Array {
  const option = new Uint8Array(12);
  option.set([1, 1, 8, 10]);
  new DataView(option.buffer).setUint32(4, value);
  return option;
}
