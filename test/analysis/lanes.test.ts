import { expect } from 'chai';
import { analyse } from '../../src/analysis/analyse.ts';
import type { CaptureFile } from '../../src/analysis/evidence.ts';
import { lanesOf } from '../../src/analysis/lanes.ts';
import { parseIp } from '../../src/base/addresses.ts';
import type { IpAddress } from '../../src/base/addresses.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { buildUdp } from '../../src/wire/build.ts';
import { concatBytes } from '../../src/wire/bytes.ts';
import { ETHERTYPE, buildEthernet } from '../../src/wire/ethernet.ts';
import { encodePcapRecord, writePcapHeader } from '../../src/wire/pcap.ts';
import { planOf } from '../scenario/compile-text.ts';

const lab = (captures: string): string => `version: 1
name: lab
hosts: { client: {}, proxy1: {}, proxy2: {}, server: {} }
networks:
  access: { subnet: 10.10.1.0/24, members: [client, proxy1, proxy2] }
  web: { subnet: 10.10.2.0/24, members: [proxy1, proxy2, server] }
tunnels:
  one: { wireguard: { client: client, server: proxy1 } }
  two: { wireguard: { client: client, server: proxy2 } }
  quic: { over: [one, two], route: [server], migrate: { policy: round-robin } }
traffic:
  - { name: web, on: server, serve: { quic: {} } }
  - { name: download, from: client, to: server, probe: { quic: { get: / } } }
captures: ${captures}
`;
const PLAN = planOf(lab('[client, proxy2, server]'));

const EPOCH = 1_790_000_000_000_000;
const CLIENT = '10.45.0.1';
const SERVER = '10.10.2.3';
const PROXIES = { one: '10.10.2.1', two: '10.10.2.2' } as const;
type Lane = keyof typeof PROXIES;

interface Datagram {
  /** Milliseconds. */
  readonly time: number;
  readonly lane: Lane;
  readonly forward: boolean;
  readonly text: string;
  /** Where it is seen; at both unless given. */
  readonly at?: 'client' | 'server';
}

function address(text: string): IpAddress {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

function pcap(
  records: readonly { readonly time: number; readonly packet: Uint8Array }[],
): Uint8Array {
  const mac = Uint8Array.of(2, 0, 0, 0, 0, 1);
  return concatBytes(
    writePcapHeader(),
    ...records.map(({ time, packet }) =>
      encodePcapRecord(EPOCH + time * 1000, buildEthernet(mac, mac, ETHERTYPE.ipv4, packet)),
    ),
  );
}

function packetOf({ forward, text }: Datagram, own: string): Uint8Array {
  const ends = forward ? [own, SERVER, 40_000, 443] : [SERVER, own, 443, 40_000];
  const [source = '', destination = '', sourcePort = 0, destinationPort = 0] = ends;
  return buildUdp({
    ...{ source: address(String(source)), destination: address(String(destination)) },
    ...{ sourcePort: Number(sourcePort), destinationPort: Number(destinationPort) },
    ...{ ttl: 64, id: 0, payload: new TextEncoder().encode(text) },
  });
}

/** Captures of both lanes at the client, of the server, and of a proxy that half of it passes. */
function captures(datagrams: readonly Datagram[], lanes: readonly Lane[]): CaptureFile[] {
  const seenAt = (place: 'client' | 'server', lane?: Lane): Datagram[] =>
    datagrams.filter(
      ({ at, ...one }) => (at ?? place) === place && (lane === undefined || one.lane === lane),
    );
  return [
    ...lanes.map((lane) => ({
      ...{ capture: `client.${lane}`, node: 'client', network: lane },
      bytes: pcap(
        seenAt('client', lane).map((one) => ({
          time: one.time + (one.forward ? 0 : 2),
          packet: packetOf(one, CLIENT),
        })),
      ),
    })),
    ...(['proxy2', 'server'] as const).map((node) => ({
      ...{ capture: `${node}.web`, node, network: 'web' },
      bytes: pcap(
        seenAt('server', node === 'proxy2' ? 'two' : undefined).map((one) => ({
          time: one.time + (one.forward ? 2 : 0),
          packet: packetOf(one, PROXIES[one.lane]),
        })),
      ),
    })),
  ];
}

const SEEN: Observation = {
  ...{
    flow: 'download',
    attempt: 1,
    node: 'client',
    probe: 'quic',
    failure: null,
    operation: null,
  },
  ...{ start: EPOCH, end: EPOCH + 1_000_000, timings: {}, received: 10 },
  fiveTuple: {
    ...{ protocol: 'udp', source: CLIENT, sourcePort: 40_000 },
    ...{ destination: SERVER, destinationPort: 443 },
  },
};

/** Requests and answers, each pair by the other lane than the one before. */
const EXCHANGE = Array.from({ length: 12 }, (_, index): Datagram[] => {
  const lane = index % 2 === 0 ? 'one' : 'two';
  return [
    { time: 20 * index, lane, forward: true, text: `question ${index}` },
    { time: 20 * index + 8, lane, forward: false, text: `answer ${index}` },
  ];
}).flat();

function verdictOn(
  datagrams: readonly Datagram[],
  observation: Observation,
  lanes: readonly Lane[] = ['one', 'two'],
): Verdict | undefined {
  const files = captures(datagrams, lanes);
  const [verdict] = analyse({
    ...{ plan: PLAN, captures: files, events: [], observations: [observation] },
  });
  return verdict;
}

describe('analysis/lanes', () => {
  it('lanesOf() leads past the end of every tunnel, and knows who sees only a part', () => {
    const tuple = { ...SEEN.fiveTuple, protocol: 'udp', source: CLIENT, sourcePort: 1 } as const;
    const lanes = lanesOf(PLAN, 'client', { ...tuple, destination: SERVER, destinationPort: 443 });
    expect(lanes?.trip.forward.hops.map(({ node, network }) => `${node}.${network}`)).to.deep.equal(
      [
        ...['client.quic', 'proxy1.quic', 'proxy1.web', 'server.web'],
        ...['proxy2.quic', 'proxy2.web', 'server.web'],
      ],
    );
    expect([...(lanes?.aside ?? [])].sort()).to.deep.equal(['proxy1', 'proxy2']);
    for (const [client, destination] of [
      ['client', '10.10.1.2'],
      ['proxy1', SERVER],
    ] as const)
      expect(lanesOf(PLAN, client, { ...tuple, destination, destinationPort: 443 })).to.equal(null);
  });

  it('follows a connection that moves from one tunnel to the other and finds nothing amiss', () => {
    const verdict = verdictOn(EXCHANGE, SEEN);
    expect(verdict).to.deep.include({ cause: null, by: null, signals: [] });
    expect(verdict?.metrics.goodput).to.be.above(0);
  });

  it('finds what the server never sent, in the capture of the tunnel that it came by', () => {
    const forged: Datagram = {
      ...{ time: 30, lane: 'two', forward: false, text: 'forged answer', at: 'client' },
    };
    const failed = { ...SEEN, failure: 'eof_error', operation: 'read' };
    const verdict = verdictOn(
      [...EXCHANGE, forged].sort((a, b) => a.time - b.time),
      failed,
    );
    expect(verdict).to.include({ cause: 'injected-data', by: null });
    expect(verdict?.summary).to.equal('data injected by one of proxy1, proxy2');
    expect(verdict?.proof).to.deep.include({
      ...{ capture: 'client.two', frame: 3 },
      note: 'datagram, 13 bytes, from 10.10.2.3:443',
    });
  });

  it('accuses nobody where one of the tunnels is not captured', () => {
    expect(verdictOn(EXCHANGE, SEEN, ['one'])).to.deep.include({ cause: null, signals: [] });
  });
});
