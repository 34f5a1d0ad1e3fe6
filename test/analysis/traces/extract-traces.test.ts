import { expect } from 'chai';
import { type WatchedCapture, extractTraces } from '../../../src/analysis/traces/extract-traces.ts';
import type { AddressPlan } from '../../../src/analysis/traces/directions.ts';
import type { Visit } from '../../../src/analysis/traces/visits.ts';
import { type IpAddress, parseIp } from '../../../src/base/addresses.ts';
import type { FiveTuple } from '../../../src/model/observation.ts';
import { buildIcmp, buildIp, buildUdp } from '../../../src/wire/build.ts';
import { IP_PROTOCOL } from '../../../src/wire/ip-protocol.ts';
import { LINKTYPE } from '../../../src/wire/pcap.ts';
import { makePcap } from '../../wire/captures.ts';

const PLAN: AddressPlan = {
  nodes: [
    {
      name: 'client',
      interfaces: [{ name: 'client-lan', addresses: ['10.0.0.1/24', 'fd00::1/64'] }],
      nat: [],
    },
    {
      name: 'gateway',
      interfaces: [
        { name: 'gateway-lan', addresses: ['10.0.0.254/24'] },
        { name: 'gateway-wan', addresses: ['192.0.2.1/24'] },
      ],
      nat: [{ interface: 'gateway-wan', masquerade: true }],
    },
    {
      name: 'server',
      interfaces: [{ name: 'server-wan', addresses: ['192.0.2.80/24'] }],
      nat: [],
    },
  ],
  tunnels: [
    {
      client: { node: 'client', addresses: ['10.45.0.5/32'] },
      server: { node: 'gateway', addresses: ['10.45.0.1/32'] },
    },
  ],
};
const SECOND = 1_000_000;
const visit = (flow: string, begin: number, end: number): Visit => ({
  ...{ flow, site: flow, visit: 1, node: 'client', failure: null },
  ...{ begin: begin * SECOND, end: end * SECOND },
});

function ip(text: string): IpAddress {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

/** A datagram of `size` bytes as an IPv4 packet. */
const udp = (source: string, destination: string, size: number, port = 4000): Uint8Array => {
  const isServer = source === '192.0.2.80';
  return buildUdp({
    ...{ source: ip(source), destination: ip(destination) },
    ...{ sourcePort: isServer ? 443 : port, destinationPort: isServer ? port : 443 },
    payload: new Uint8Array(size - (source.includes(':') ? 48 : 28)),
  });
};
const capture = (
  node: string,
  network: string,
  packets: readonly (readonly [seconds: number, packet: Uint8Array])[],
  snaplen = Infinity,
): WatchedCapture => ({
  ...{ node, network, interface: `${node}-${network}` },
  bytes: makePcap(
    packets.map(([seconds, data]) => ({
      time: seconds * SECOND,
      data: data.subarray(0, snaplen),
      length: data.length,
    })),
    LINKTYPE.LINKTYPE_RAW,
  ),
});
const [CLIENT, SERVER] = ['10.0.0.1', '192.0.2.80'];
const none = new Map<string, FiveTuple>();

describe('analysis/traces/extract-traces', () => {
  it('extractTraces() has each packet of a visit with its size, direction and time', () => {
    const watched = capture('client', 'lan', [
      [0.5, udp(CLIENT, SERVER, 999)],
      [1.0001, udp(CLIENT, SERVER, 100)],
      [1.1, udp(SERVER, CLIENT, 1400)],
      [1.2, udp('fd00::1', 'fd00::80', 80)],
      [2.5, udp(SERVER, CLIENT, 60)],
      [9, udp(SERVER, CLIENT, 61)],
    ]);
    const { traces, notes } = extractTraces({
      ...{ plan: PLAN, captures: [watched], tuples: none },
      visits: [visit('page', 1, 2)],
    });
    expect(notes).to.deep.equal([]);
    expect(traces).to.deep.equal([
      {
        ...{ site: 'page', visit: 1, path: 'client.lan', failure: null, start: 1_000_100 },
        times: [0, 99_900, 199_900, 1_499_900],
        sizes: [100, -1400, 80, -60],
      },
    ]);
  });

  it('extractTraces() has the whole size of what a capture cut, and each fragment', () => {
    const spec = { source: ip(SERVER), destination: ip(CLIENT), fragmentOffset: 1480 };
    const fragment = buildIp(spec, IP_PROTOCOL.udp, new Uint8Array(800));
    const watched = capture(
      'client',
      'lan',
      [
        [1, udp(CLIENT, SERVER, 1200)],
        [1.1, fragment],
      ],
      60,
    );
    const { traces } = extractTraces({
      ...{ plan: PLAN, captures: [watched], tuples: none },
      visits: [visit('page', 1, 2)],
    });
    expect(traces[0]?.sizes).to.deep.equal([1200, -820]);
  });

  it('extractTraces() counts what is neither TCP nor UDP as nothing, and tells of strangers', () => {
    const ping = buildIcmp(
      { source: ip(CLIENT), destination: ip(SERVER) },
      { type: 8, code: 0, id: 1, sequence: 1, data: new Uint8Array(8) },
    );
    const watched = capture('client', 'lan', [
      [1, ping],
      [1.1, udp('10.9.9.9', SERVER, 100)],
      [1.2, udp(CLIENT, SERVER, 100).subarray(0, 15)],
      [1.3, udp(CLIENT, SERVER, 100)],
    ]);
    const { traces, notes } = extractTraces({
      ...{ plan: PLAN, captures: [watched], tuples: none },
      visits: [visit('page', 1, 2), visit('empty', 8, 9)],
    });
    expect(traces.map(({ sizes }) => sizes)).to.deep.equal([[100]]);
    expect(notes).to.deep.equal([
      'client.lan: 1 malformed packet left out',
      "client.lan: 1 packet neither the client's nor the server's, left out",
      'client.lan: 1 visit without a packet here',
    ]);
  });

  it('extractTraces() tells visits at the same time apart by their connections', () => {
    const tuple = (sourcePort: number): FiveTuple => ({
      ...{ protocol: 'udp', source: CLIENT, sourcePort },
      ...{ destination: SERVER, destinationPort: 443 },
    });
    const watched = capture('client', 'lan', [
      [1.1, udp(CLIENT, SERVER, 101, 4001)],
      [1.2, udp(CLIENT, SERVER, 102, 4002)],
      [1.3, udp(SERVER, CLIENT, 201, 4001)],
      [1.4, udp(CLIENT, SERVER, 103, 4003)],
    ]);
    const { traces, notes } = extractTraces({
      ...{ plan: PLAN, captures: [watched] },
      visits: [visit('a', 1, 2), visit('b', 1, 2), visit('c', 1, 2)],
      tuples: new Map([
        ['a', tuple(4001)],
        ['b', tuple(4002)],
      ]),
    });
    expect(traces.map(({ site, sizes }) => [site, sizes])).to.deep.equal([
      ['a', [101, -201]],
      ['b', [102]],
    ]);
    expect(notes).to.deep.equal([
      'client.lan: 1 visit at the same time as others, which no connection tells apart: left out',
    ]);
  });

  for (const [where, watched] of [
    [
      'in a tunnel of the client',
      capture('client', 'wg0', [
        [1, udp('10.45.0.5', SERVER, 100)],
        [1.1, udp(SERVER, '10.45.0.5', 200)],
      ]),
    ],
    [
      'behind a node that masquerades',
      capture('gateway', 'wan', [
        [1, udp('192.0.2.1', SERVER, 100)],
        [1.1, udp(SERVER, '192.0.2.1', 200)],
      ]),
    ],
    [
      'at the server, which sees another address than the client has',
      capture('server', 'wan', [
        [1, udp('192.0.2.1', SERVER, 100)],
        [1.1, udp(SERVER, '192.0.2.1', 200)],
      ]),
    ],
    [
      'at a node between, before addresses change',
      capture('gateway', 'lan', [
        [1, udp(CLIENT, SERVER, 100)],
        [1.1, udp(SERVER, CLIENT, 200)],
      ]),
    ],
  ] as const)
    it(`extractTraces() knows directions ${where}`, () => {
      const { traces, notes } = extractTraces({
        ...{ plan: PLAN, captures: [watched], tuples: none },
        visits: [visit('page', 1, 2)],
      });
      expect(traces.map(({ sizes }) => sizes)).to.deep.equal([[100, -200]]);
      expect(notes).to.deep.equal([]);
    });

  it('extractTraces() puts packets in order and their times right', () => {
    const watched = {
      ...capture('client', 'lan', [
        [101.2, udp(SERVER, CLIENT, 300)],
        [101.1, udp(CLIENT, SERVER, 100)],
      ]),
      clock: { offset: -100 * SECOND, at: 0, drift: 0, error: 10, samples: 1 },
    };
    const { traces } = extractTraces({
      ...{ plan: PLAN, captures: [watched], tuples: none },
      visits: [visit('page', 1, 2)],
    });
    expect(traces[0]?.start).to.equal(1_100_000);
    expect(traces[0]?.times).to.deep.equal([0, 100_000]);
    expect(traces[0]?.sizes).to.deep.equal([100, -300]);
  });

  it('extractTraces() says what a damaged file is', () => {
    const whole = capture('client', 'lan', [[1, udp(CLIENT, SERVER, 100)]]);
    const extract = (bytes: Uint8Array): readonly string[] =>
      extractTraces({
        ...{ plan: PLAN, captures: [{ ...whole, bytes }], tuples: none },
        visits: [visit('page', 1, 2)],
      }).notes;
    expect(extract(new Uint8Array(30))).to.deep.equal([
      'client.lan: Expected a pcap or pcapng file, found one that begins with 00 00 00 00',
    ]);
    expect(extract(whole.bytes.subarray(0, -3))[0]).to.contain('cut off or damaged');
  });
});
