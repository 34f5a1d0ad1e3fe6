// QUIC over several tunnels of one client: the connection that is moved, the client that moves, and what happens where there is no way.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { LINKTYPE, readPcap, readPcapHeader } from '../../../src/wire/pcap.ts';
import { PacketView } from '../../../src/wire/packet.ts';
import { formatIp } from '../../../src/base/addresses.ts';
import { ETHERNET_HEADER_LENGTH } from '../../../src/wire/ethernet.ts';
import { obstacle } from '../agent/tunnel/comps-lab.ts';
import { type ApplyReport, apply, scratch } from './support/runner.ts';

interface Wish {
  readonly access?: string;
  readonly web?: string;
  readonly bundle: string;
  readonly traffic: readonly string[];
  readonly expect: readonly string[];
}

const scenario = ({ access = '10.9.1.0/24', web = '10.9.2.0/24', ...wish }: Wish): string =>
  `version: 1
name: quic
hosts: { client: {}, proxy1: {}, proxy2: {}, proxy3: {}, server: {} }
networks:
  access: { subnet: "${access}", members: [client, proxy1, proxy2, proxy3] }
  web: { subnet: "${web}", members: [proxy1, proxy2, proxy3, server], delay: 5ms, rate: 10mbit }
tunnels:
  wgnet1: { wireguard: { client: client, server: proxy1 } }
  wgnet2: { wireguard: { client: client, server: proxy2 } }
  wgnet3: { wireguard: { client: client, server: proxy3 } }
  quic: { over: [wgnet1, wgnet2, wgnet3], ${wish.bundle} }
traffic:
  - { name: web, on: server, serve: { quic: { size: 1MiB }, echo: { udp: 7 } } }
${wish.traffic.map((entry) => `  - ${entry}\n`).join('')}captures: [client, server]
expect:
${wish.expect.map((entry) => `  - ${entry}\n`).join('')}`;

/** Who had sent UDP from or to a port of the server, by the addresses of a capture, each once. */
function peersOf({ results }: ApplyReport, capture: string, port: number): string[] {
  const bytes = readFileSync(join(results, `captures/${capture}.pcap`));
  const isRaw = readPcapHeader(bytes)?.linkType === LINKTYPE.LINKTYPE_RAW;
  const view = new PacketView();
  const found = new Set<string>();
  for (const { data } of readPcap(bytes)) {
    if (!view.load(data, isRaw ? 0 : ETHERNET_HEADER_LENGTH, data.length) || !view.isUdp) continue;
    if (view.destinationPort === port) found.add(formatIp(view.source));
    if (view.sourcePort === port) found.add(formatIp(view.destination));
  }
  return [...found].sort();
}

describe('QUIC over tunnels side by side', function () {
  this.timeout(60_000);
  const folder = scratch('comps-quic');
  after(() => folder.remove());
  before(function () {
    const reason = obstacle();
    if (reason === undefined) return;
    process.stderr.write(`      ${reason}\n`);
    this.skip();
  });

  const run = (name: string, wish: Wish): Promise<ApplyReport> => {
    const file = join(folder.path, `${name}.yaml`);
    writeFileSync(file, scenario(wish));
    return apply(file, { out: join(folder.path, name) });
  };

  it('moves a connection that knows nothing of it, over IPv6, with all that its client sends', async () => {
    const report = await run('moved', {
      access: 'fd00:1::/64',
      web: 'fd00:2::/64',
      bundle: 'migrate: { policy: round-robin, every: 150ms }',
      traffic: [
        '{ name: download, from: client, to: server, probe: { quic: { get: / } }, timeout: 30s }',
      ],
      expect: [
        '{ flow: download, failure: null, status: 200, pathChanges: ">= 2" }',
        '{ tunnel: quic, handshake: true, leaked: 0, minShare: 0.01, switches: ">= 3" }',
      ],
    });
    expect(peersOf(report, 'server.web', 443)).to.deep.equal([
      ...['fd00:2::1', 'fd00:2::2', 'fd00:2::3'],
    ]);
    expect(peersOf(report, 'client.access', 443)).to.deep.equal([]);
    const [download] = report.verdicts;
    expect(download?.cause === 'injected-data' || download?.cause === 'tampered').to.equal(false);
  });

  it('lets a client change its address, while its other sockets stay with their tunnel', async () => {
    const report = await run('moving', {
      bundle: 'route: [server], connections: stay',
      traffic: [
        '{ name: away, tunnel: quic, over: wgnet3, at: 200ms }',
        '{ name: download, from: client, to: server, probe: { quic: { get: /, migrate: { after: 400ms } } }, timeout: 30s }',
      ],
      expect: [
        '{ flow: download, failure: null, status: 200, pathChanges: 1 }',
        '{ tunnel: quic, leaked: 0, switches: 1 }',
      ],
    });
    // Each socket at one tunnel, and the third unused.
    expect(peersOf(report, 'client.wgnet1', 443)).to.deep.equal(['10.45.0.1']);
    expect(peersOf(report, 'client.wgnet2', 443)).to.deep.equal([]);
    expect(peersOf(report, 'client.wgnet3', 443)).to.deep.equal(['10.45.2.1']);
    expect(peersOf(report, 'server.web', 443)).to.deep.equal(['10.9.2.1', '10.9.2.3']);
  });

  it('has nothing leave where the tunnel in force is gone, and counts what leaves all the same', async () => {
    const udp = (name: string, after: string): string =>
      `{ name: ${name}, from: client, to: server:7, after: ${after}, probe: { udp: {} }, timeout: 2s }`;
    const report = await run('closed', {
      bundle: 'route: [server]',
      traffic: [
        '{ name: cut, from: client, run: [ip, link, set, wgnet1, down] }',
        udp('closed', 'cut'),
        // As whoever meddles with the rules of its host.
        '{ name: meddle, from: client, after: closed, run: [ip, rule, del, priority, "200"] }',
        udp('open', 'meddle'),
      ],
      expect: [
        '{ flow: closed, failure: host_unreachable }',
        '{ flow: open, failure: null }',
        '{ tunnel: quic, leaked: 1 }',
      ],
    });
    expect(peersOf(report, 'client.access', 7)).to.have.length(1);
    expect(peersOf(report, 'client.wgnet2', 7)).to.deep.equal([]);
  });
});
