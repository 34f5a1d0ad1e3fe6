import { expect } from 'chai';
import { carriedVisits, carrierPaths } from '../../../src/analysis/traces/carried-check.ts';
import { type VisitCut, cutCapture } from '../../../src/analysis/traces/cut-capture.ts';
import { type WatchedCapture, extractTraces } from '../../../src/analysis/traces/extract-traces.ts';
import type { Visit } from '../../../src/analysis/traces/visits.ts';
import { type IpAddress, parseIp } from '../../../src/base/addresses.ts';
import { seededRandom } from '../../../src/base/random.ts';
import type { FiveTuple } from '../../../src/model/observation.ts';
import { buildIcmp, buildUdp } from '../../../src/wire/build.ts';
import { LINKTYPE } from '../../../src/wire/pcap.ts';
import { readCapture } from '../../../src/wire/read-capture.ts';
import { makePcap } from '../../wire/captures.ts';

const SECOND = 1_000_000;
const [CLIENT, EXIT, STRANGER] = ['10.45.0.1', '10.45.0.2', '10.9.9.9'];
const TUNNELS = ['wgnet1', 'wgnet2', 'wgnet3'];
const NONE = new Map<string, FiveTuple>();
const end = (node: string, address: string): { node: string; addresses: string[] } => ({
  node,
  addresses: [`${address}/32`],
});
const PLAN = {
  nodes: [{ name: 'client', interfaces: [], nat: [] }],
  tunnels: [
    { name: 'wg0', over: TUNNELS, client: end('client', CLIENT), server: end('exit', EXIT) },
  ],
};

const visit = (flow: string, attempt: number, begin: number, finish: number): Visit => ({
  ...{ flow, attempt, site: flow, visit: attempt, node: 'client', failure: null },
  ...{ begin: begin * SECOND, end: finish * SECOND },
});

function ip(text: string): IpAddress {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

const udp = (source: string, destination: string, size: number, port = 51820): Uint8Array =>
  buildUdp({
    ...{
      source: ip(source),
      destination: ip(destination),
      sourcePort: port,
      destinationPort: port,
    },
    payload: new Uint8Array(size - 28),
  });

type Timed = readonly [seconds: number, packet: Uint8Array];

const capture = (
  network: string,
  packets: readonly Timed[],
  more: object = {},
): WatchedCapture => ({
  ...{ node: 'client', network, interface: network },
  bytes: makePcap(
    packets.map(([seconds, data]) => ({ time: Math.round(seconds * SECOND), data })),
    LINKTYPE.LINKTYPE_RAW,
  ),
  ...more,
});

/** Seconds and sizes of what is in a cut. */
function packetsOf({ file }: VisitCut): [seconds: number, size: number][] {
  const contents = readCapture(file);
  if (!contents.ok) throw new Error(contents.error);
  expect(contents.value.damage).to.equal(null);
  return contents.value.records.map(({ time, length }) => [time / SECOND, length]);
}

describe('cutCapture()', () => {
  it('gives each visit all that came in its time, and nothing of the time between', () => {
    const ping = buildIcmp(
      { source: ip(CLIENT), destination: ip(EXIT) },
      { type: 8, code: 0, id: 1, sequence: 1, data: new Uint8Array(8) },
    );
    const cuts = cutCapture(
      { visits: [visit('news', 1, 10, 11), visit('mail', 1, 20, 21)], tuples: NONE },
      capture('wgnet1', [
        [9, udp(CLIENT, EXIT, 100)],
        [9.96, udp(CLIENT, EXIT, 200)],
        [10.5, ping],
        [12.9, udp(EXIT, CLIENT, 300)],
        [13.1, udp(EXIT, CLIENT, 400)],
        [20, udp(STRANGER, EXIT, 500)],
        [20.1, Uint8Array.of(0)],
      ]),
    );
    expect(cuts.map(({ site, visit: number, path }) => [site, number, path])).to.deep.equal([
      ['news', 1, 'client.wgnet1'],
      ['mail', 1, 'client.wgnet1'],
    ]);
    expect(cuts.map(packetsOf)).to.deep.equal([
      [
        [9.96, 200],
        [10.5, ping.length],
        [12.9, 300],
      ],
      [
        [20, 500],
        [20.1, 1],
      ],
    ]);
    expect(cuts.map(({ bytes }) => bytes)).to.deep.equal([500, 500]);
  });

  it("has the controller's clock, and packets in their order", () => {
    const clock = { offset: -5 * SECOND, at: 0, drift: 0, error: 1, samples: 1 };
    const [cut] = cutCapture(
      { visits: [visit('news', 1, 10, 11)], tuples: NONE },
      capture(
        'wgnet1',
        [
          [15.2, udp(CLIENT, EXIT, 100)],
          [15.1, udp(EXIT, CLIENT, 200)],
        ],
        { clock },
      ),
    );
    expect(cut && packetsOf(cut)).to.deep.equal([
      [10.1, 200],
      [10.2, 100],
    ]);
  });

  it('tells visits at the same time apart by their connections', () => {
    const tuple = (port: number): FiveTuple => ({
      ...{ protocol: 'udp', source: CLIENT, sourcePort: port },
      ...{ destination: EXIT, destinationPort: port },
    });
    const cuts = cutCapture(
      {
        visits: [visit('a', 1, 10, 12), visit('b', 1, 11, 13)],
        tuples: new Map([
          ['a', tuple(1)],
          ['b', tuple(2)],
        ]),
      },
      capture('wgnet1', [
        [11.1, udp(CLIENT, EXIT, 100, 1)],
        [11.2, udp(EXIT, CLIENT, 200, 2)],
        [11.3, udp(CLIENT, EXIT, 300, 3)],
      ]),
    );
    expect(cuts.map(packetsOf)).to.deep.equal([[[11.1, 100]], [[11.2, 200]]]);
  });

  it('has nothing of a file that is no capture', () => {
    const broken = { ...capture('wgnet1', []), bytes: Uint8Array.of(1, 2, 3) };
    expect(cutCapture({ visits: [visit('a', 1, 1, 2)], tuples: NONE }, broken)).to.deep.equal([]);
  });

  it('agrees with the traces of visits that moved between tunnels, in packets, times and bytes', () => {
    const random = seededRandom(7, 'cut');
    const packets = new Map<string, Timed[]>(TUNNELS.map((name) => [name, []]));
    const visits = Array.from({ length: 20 }, (_, at) => {
      for (let count = 0; count < 50; count += 1) {
        const path = TUNNELS[Math.floor(random.next() * 3)] ?? '';
        const size = 60 + Math.floor(random.next() * 1300);
        const [from, to] = random.next() < 0.4 ? [CLIENT, EXIT] : [EXIT, CLIENT];
        packets.get(path)?.push([100 + 10 * at + random.next(), udp(from, to, size)]);
      }
      return visit(
        at % 2 === 0 ? 'news' : 'mail',
        Math.floor(at / 2) + 1,
        100 + 10 * at,
        101 + 10 * at,
      );
    });
    const captures = [...packets].map(([name, sent]) =>
      capture(
        name,
        sent.sort(([left], [right]) => left - right),
      ),
    );
    const { traces } = extractTraces({ plan: PLAN, captures, visits, tuples: NONE });
    const cuts = captures.flatMap((one) => cutCapture({ visits, tuples: NONE }, one));
    expect(cuts.map(packetsOf)).to.deep.equal(
      traces.map(({ start, times, sizes }) =>
        times.map((time, index) => [(start + time) / SECOND, Math.abs(sizes[index] ?? 0)]),
      ),
    );
    const carried = carriedVisits(carrierPaths(PLAN), traces, cuts);
    expect(carried).to.have.length(20);
    for (const { traced, carried: bytes } of carried) expect(bytes).to.equal(traced);
    const all = [...packets.values()].flat().reduce((sum, [, { length }]) => sum + length, 0);
    expect(carried.reduce((sum, one) => sum + one.carried, 0)).to.equal(all);
  });
});
