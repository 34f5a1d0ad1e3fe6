// `runner traces` over a real run: what it says agrees with the captures, byte for byte.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { readPcap } from '../../../../src/wire/pcap.ts';
import { readNpz } from '../../../report/traces/read-npz.ts';
import {
  type RunResult,
  apply,
  runRunner,
  said,
  scratch,
} from '../../acceptance/support/runner.ts';

const VISITS = 6;
const SCENARIO = `version: 1
name: pages
hosts: { client: {}, middle: {}, server: {} }
networks:
  inside: { subnet: 10.10.1.0/24, members: [client, middle] }
  outside: { subnet: 10.10.2.0/24, members: [middle, server] }
traffic:
  - { name: small, on: server, serve: { http: { port: 80, size: 2KiB } } }
  - { name: large, on: server, serve: { http: { port: 81, size: 60KiB } } }
  - { name: echo, on: server, serve: { echo: { udp: 7 } } }
  - { name: small-page, from: client, to: server:80, repeat: ${VISITS}, probe: { http: {} } }
  - { name: large-page, from: client, to: server:81, repeat: ${VISITS}, after: small-page, probe: { http: {} } }
  - { name: ping, from: client, to: server:7, after: large-page, probe: { udp: {} } }
captures: [client, server]
`;

interface Summary {
  readonly path: string;
  readonly site: string;
  readonly visit: number;
  readonly packetsOut: number;
  readonly packetsIn: number;
  readonly bytesOut: number;
  readonly bytesIn: number;
}

/** Packets and bytes of TCP and UDP over IPv4 by the source's address, from the frames themselves. */
function countFrames(file: string): Map<string, { packets: number; bytes: number }> {
  const counts = new Map<string, { packets: number; bytes: number }>();
  for (const { data, length } of readPcap(readFileSync(file))) {
    const isIpv4 = data[12] === 8 && data[13] === 0;
    if (!isIpv4 || (data[23] !== 6 && data[23] !== 17)) continue;
    const source = data.subarray(26, 30).join('.');
    const before = counts.get(source) ?? { packets: 0, bytes: 0 };
    // A virtual link carries no padding: what follows the Ethernet header is the IP packet.
    counts.set(source, { packets: before.packets + 1, bytes: before.bytes + length - 14 });
  }
  return counts;
}

describe('runner traces', function () {
  this.timeout(120_000);
  const folder = scratch('traces');
  let results = '';
  before(async () => {
    const file = join(folder.path, 'pages.yaml');
    writeFileSync(file, SCENARIO);
    results = (await apply(file, { out: join(folder.path, 'out') })).results;
  });
  after(() => folder.remove());

  const traces = (...args: string[]): Promise<RunResult> =>
    runRunner(['traces', results, ...args], { cwd: folder.path });
  const summaries = async (...args: string[]): Promise<Summary[]> => {
    const result = await traces('--json', ...args);
    expect(result.code, said(result)).to.equal(0);
    return (JSON.parse(result.stdout) as { traces: Summary[] }).traces;
  };
  const sumOf = (found: readonly Summary[], pick: (one: Summary) => number): number =>
    found.reduce((sum, one) => sum + pick(one), 0);

  it("agrees with the client's capture in packets and bytes of both directions", async () => {
    const found = await summaries();
    expect(found.map(({ path, site, visit }) => `${path} ${site} ${visit}`)).to.deep.equal([
      ...Array.from({ length: VISITS }, (_, at) => `client.inside small-page ${at + 1}`),
      ...Array.from({ length: VISITS }, (_, at) => `client.inside large-page ${at + 1}`),
      'client.inside ping 1',
    ]);
    const counted = countFrames(join(results, 'captures/client.inside.pcap'));
    expect({
      packets: sumOf(found, ({ packetsOut }) => packetsOut),
      bytes: sumOf(found, ({ bytesOut }) => bytesOut),
    }).to.deep.equal(counted.get('10.10.1.1'));
    expect({
      packets: sumOf(found, ({ packetsIn }) => packetsIn),
      bytes: sumOf(found, ({ bytesIn }) => bytesIn),
    }).to.deep.equal(counted.get('10.10.2.2'));
    for (const { site, bytesIn } of found)
      if (site === 'large-page') expect(bytesIn).to.be.above(60 * 1024);
  });

  it('knows directions at the server as well', async () => {
    const counted = countFrames(join(results, 'captures/server.outside.pcap'));
    const found = await summaries('--capture', 'server.outside');
    expect(found.every(({ path }) => path === 'server.outside')).to.equal(true);
    expect(sumOf(found, ({ bytesOut }) => bytesOut)).to.equal(counted.get('10.10.1.1')?.bytes);
    expect(sumOf(found, ({ bytesIn }) => bytesIn)).to.equal(counted.get('10.10.2.2')?.bytes);
  });

  it('splits without loss, the same for the same seed', async () => {
    const split = ['--split', 'uniform,every=3packets,paths=2'];
    const found = await summaries(...split);
    const isWhole = ({ path }: Summary): boolean => path === 'client.inside';
    const whole = found.filter(isWhole);
    const parts = found.filter((one) => !isWhole(one));
    expect(new Set(parts.map(({ path }) => path))).to.deep.equal(
      new Set(['client.inside.1', 'client.inside.2']),
    );
    for (const pick of [({ bytesIn }: Summary) => bytesIn, ({ packetsOut }: Summary) => packetsOut])
      expect(sumOf(parts, pick)).to.equal(sumOf(whole, pick));
    expect(await summaries(...split)).to.deep.equal(found);
    expect(await summaries(...split, '--seed', '2')).not.to.deep.equal(found);
  });

  it('tells a small page from a large one, and shows chance beside it', async () => {
    const result = await traces('--check');
    expect(result.code, said(result)).to.equal(0);
    expect(result.stdout).to.match(
      /^client\.inside +2 +12 +6 +100\.0 % \(.*\) +100\.0 % \(.*\) +50\.0 %$/m,
    );
    expect(result.stderr).to.contain('client.inside: 1 site with one visit left out of the check');
  });

  it('writes each format, and rows to standard output', async () => {
    for (const [format, file] of [
      ['cells', 'client.inside/1-1'],
      ['sizes', 'client.inside/2-6'],
      ['csv', 'packets.csv'],
      ['npz', 'client.inside.npz'],
      ['pcap', 'client.inside/1-1.pcap'],
    ] as const) {
      const result = await traces('--format', format, '--write', `of-${format}`);
      expect(result.code, said(result)).to.equal(0);
      const names = readdirSync(join(folder.path, `of-${format}`), { recursive: true });
      expect(names).to.include.members(['index.csv', file]);
    }
    const found = await summaries();
    const sizes = readFileSync(join(folder.path, 'of-sizes/client.inside/2-6'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => Number(line.split('\t')[1]));
    const last = found.find(({ site, visit }) => site === 'small-page' && visit === 6);
    expect(sizes.filter((size) => size > 0)).to.have.lengthOf(last?.packetsOut ?? -1);
    expect(sizes.reduce((sum, size) => sum + Math.max(-size, 0), 0)).to.equal(last?.bytesIn);
    const { X, y } = readNpz(readFileSync(join(folder.path, 'of-npz/client.inside.npz')));
    expect(X?.shape[0]).to.equal(found.length);
    expect(y?.values).to.deep.equal([
      ...Array.from({ length: VISITS }, () => 2),
      ...Array.from({ length: VISITS }, () => 0),
      1,
    ]);
    const rows = await traces('--format', 'csv');
    expect(rows.stdout).to.equal(readFileSync(join(folder.path, 'of-csv/packets.csv'), 'utf8'));
  });

  it('counts visits of several runs on', async () => {
    const result = await runRunner(['traces', results, results, '--json'], { cwd: folder.path });
    const { traces: found } = JSON.parse(result.stdout) as { traces: Summary[] };
    const visits = found.filter(({ site }) => site === 'small-page').map(({ visit }) => visit);
    expect(visits).to.deep.equal(Array.from({ length: 2 * VISITS }, (_, at) => at + 1));
  });

  for (const [args, fault] of [
    [['--format', 'hdf5'], '"hdf5"'],
    [['--format', 'pcap', '--split', 'uniform'], 'A split has no packets'],
    [['--format', 'cells'], 'Traces as "cells" are several files'],
    [['--format', 'csv', '--check'], 'cannot both go to standard output'],
    [['--write', 'out'], '"out" is there already'],
    [['--capture', 'client.wg0'], 'has no capture "client.wg0"'],
    [['--control'], 'has no arm without censors'],
    [['--split', 'weighted'], 'has no weights'],
    [['--seed', '-1'], 'Expected a whole number'],
    [['missing'], '"missing/run.json" is not there'],
  ] as const)
    it(`refuses ${args.join(' ')}`, async () => {
      const result = await traces(...args);
      expect(result.code).to.equal(2);
      expect(result.stderr).to.contain(fault);
      expect(result.stdout).to.equal('');
    });
});
