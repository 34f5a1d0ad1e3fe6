import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { nowMicros } from '../../../src/agent/endpoint/clock.ts';
import type { Observation } from '../../../src/model/observation.ts';
import type { ProbeSpec, Target } from '../../../src/model/traffic.ts';
import { PEER_PORT } from './hostile-peer.ts';
import { startHostilePeer } from './start-peer.ts';
import { CLIENT, SERVER, createTwoNodes, flow, service } from './two-nodes.ts';
import type { TwoNodes } from './two-nodes.ts';

const SERVICES = [
  service('web', {
    kind: 'http',
    port: 80,
    sites: [
      { host: 'www.example', status: 200, body: 'hello' },
      { host: 'gone.example', status: 410, body: 'gone' },
    ],
    size: 3_000_000,
  }),
  service('secure', { kind: 'tls', port: 443, names: ['www.example'], size: 5_000_000 }),
  service('echo', { kind: 'tcp-echo', port: 7 }),
  service('datagrams', { kind: 'udp-echo', port: 7 }),
  service('names', {
    kind: 'dns',
    port: 53,
    ttl: 60,
    records: [
      { name: 'www.example', type: 'CNAME', value: 'a.example' },
      { name: 'a.example', type: 'A', value: '10.9.0.2' },
      { name: 'a.example', type: 'AAAA', value: 'fd09::2' },
      ...Array.from({ length: 20 }, (_, index) => ({
        name: 'big.example',
        type: 'TXT' as const,
        value: String(index).padStart(60, 'x'),
      })),
    ],
  }),
];

const v4 = (port: number): Target => ({ host: 'www.example', address: SERVER.v4, port });
const v6 = (port: number): Target => ({ host: 'www.example', address: SERVER.v6, port });
const at = (address: string): Target => ({ host: address, address, port: 80 });

const tcp = (target: Target, size = 0, timeout = 5000): ProbeSpec => ({
  kind: 'tcp',
  target,
  size,
  timeout,
});
const udp = (target: Target, size = 100): ProbeSpec => ({
  kind: 'udp',
  target,
  size,
  timeout: 5000,
});
const http = (target: Target, change: object = {}): ProbeSpec => ({
  ...{ kind: 'http', target, method: 'GET', hostHeader: 'www.example', path: '/' },
  ...{ timeout: 5000, expectStatus: null },
  ...change,
});
const tls = (target: Target, change: object = {}): ProbeSpec => ({
  ...{ kind: 'tls', target, sni: 'www.example', alpn: ['h2', 'http/1.1'], get: null },
  ...{ verify: true, timeout: 5000 },
  ...change,
});
const dns = (target: Target, change: object = {}): ProbeSpec => ({
  ...{ kind: 'dns', target, qname: 'www.example', qtype: 'A', transport: 'udp' },
  ...{ timeout: 5000, expectAnswers: [] },
  ...change,
});

interface Case {
  readonly title: string;
  readonly probe: ProbeSpec;
  readonly wished: Partial<Observation>;
}

const success = (title: string, probe: ProbeSpec, wished: Partial<Observation> = {}): Case => ({
  title,
  probe,
  wished: { failure: null, operation: null, ...wished },
});
const failed = (
  title: string,
  probe: ProbeSpec,
  failure: string,
  operation: string,
  wished: Partial<Observation> = {},
): Case => ({ title, probe, wished: { failure, operation, ...wished } });

const CASES: readonly Case[] = [
  success('connects over IPv4', tcp(v4(7))),
  success('connects over IPv6', tcp(v6(7))),
  success('echoes a megabyte over TCP', tcp(v4(7), 1_000_000), { received: 1_000_000 }),
  failed('finds a closed port', tcp(v4(9)), 'connection_refused', 'connect'),
  failed('finds no route', tcp(at('192.0.2.1')), 'network_unreachable', 'connect'),
  failed('finds an unreachable host', tcp(at('10.8.0.1')), 'host_unreachable', 'connect'),
  failed('times out where packets vanish', tcp(v4(81), 0, 300), 'generic_timeout_error', 'connect'),
  failed(
    'times out on silence',
    tcp(v4(PEER_PORT.silent), 10, 300),
    'generic_timeout_error',
    'read',
  ),
  failed(
    'finds a changed echo',
    tcp(v4(PEER_PORT.tamperingEcho), 10),
    'unknown_failure: echo differs from what was sent at byte 5',
    'read',
  ),
  failed('finds a connection closed early', tcp(v4(PEER_PORT.finOnData), 10), 'eof_error', 'read'),

  success('echoes a datagram over IPv4', udp(v4(7)), { received: 100 }),
  success('echoes an empty datagram over IPv6', udp(v6(7), 0)),
  success('echoes a datagram in fragments', udp(v4(7), 20_000), { received: 20_000 }),
  failed('hears that a UDP port is closed', udp(v4(9)), 'connection_refused', 'read'),

  success('reads a site', http(v4(80)), { status: 200, bodyStart: 'hello' }),
  success('reads a site over IPv6', http(v6(80)), { status: 200, bodyStart: 'hello' }),
  success('reads a page without a site', http(v4(80), { hostHeader: 'other.example' }), {
    status: 200,
  }),
  success('reads the head alone', http(v4(80), { method: 'HEAD' }), { status: 200, bodyStart: '' }),
  success('takes any status where none is expected', http(v4(80), { hostHeader: 'gone.example' }), {
    status: 410,
  }),
  failed(
    'finds another status',
    http(v4(80), { hostHeader: 'gone.example', expectStatus: 200 }),
    'http_unexpected_status_code',
    'read',
    { status: 410, bodyStart: 'gone' },
  ),
  failed('finds a reset', http(v4(PEER_PORT.resetOnData)), 'connection_reset', 'read', {
    received: 0,
  }),
  failed(
    'finds a reset after data',
    http(v4(PEER_PORT.resetAfterHalf)),
    'connection_reset',
    'read',
    { received: 1041, status: 200 },
  ),
  failed('finds half a page', http(v4(PEER_PORT.finAfterHalf)), 'eof_error', 'read', {
    received: 1041,
    status: 200,
  }),
  failed(
    'finds something else than HTTP',
    http(v4(PEER_PORT.noHttp)),
    'http_request_failed',
    'read',
  ),

  success('shakes hands', tls(v4(443))),
  success('shakes hands without SNI, judging by the host', tls(v4(443), { sni: '', alpn: [] })),
  success('asks for a page over TLS', tls(v6(443), { get: '/any' }), { status: 200 }),
  failed(
    'finds the certificate of another host',
    tls(v4(443), { sni: 'other.example' }),
    'ssl_invalid_hostname',
    'tls_handshake',
  ),
  success(
    'shakes hands with another host where that is fine',
    tls(v4(443), { sni: 'other.example', verify: false }),
  ),
  failed(
    'finds a foreign authority',
    tls(v4(PEER_PORT.foreignTls)),
    'ssl_unknown_authority',
    'tls_handshake',
  ),
  failed(
    'finds no common protocol',
    tls(v4(443), { alpn: ['h2'] }),
    'ssl_failed_handshake',
    'tls_handshake',
  ),
  failed('finds a server without TLS', tls(v4(80)), 'ssl_failed_handshake', 'tls_handshake'),
  failed(
    'finds a reset in the handshake',
    tls(v4(PEER_PORT.resetOnData)),
    'connection_reset',
    'tls_handshake',
  ),
  failed(
    'finds a FIN in the handshake',
    tls(v4(PEER_PORT.finOnData)),
    'eof_error',
    'tls_handshake',
  ),
  failed(
    'times out in the handshake',
    tls(v4(PEER_PORT.silent), { timeout: 300 }),
    'generic_timeout_error',
    'tls_handshake',
  ),

  success('follows an alias', dns(v4(53), { expectAnswers: ['10.9.0.2'] }), {
    answers: ['10.9.0.2'],
  }),
  success('asks for AAAA over IPv6', dns(v6(53), { qtype: 'AAAA' }), { answers: ['fd09::2'] }),
  success('asks for CNAME over TCP', dns(v4(53), { qtype: 'CNAME', transport: 'tcp' }), {
    answers: ['a.example'],
  }),
  success('asks again over TCP', dns(v4(53), { qname: 'big.example', qtype: 'TXT' }), {
    detail: 'The answer over UDP was truncated and asked for again over TCP',
  }),
  failed(
    'finds no such name',
    dns(v4(53), { qname: 'no.example' }),
    'dns_nxdomain_error',
    'resolve',
  ),
  failed('finds no such record', dns(v4(53), { qtype: 'TXT' }), 'dns_no_answer', 'resolve'),
  failed(
    'finds an answer that is not expected',
    dns(v4(53), { expectAnswers: ['10.0.0.1'] }),
    'dns_bogon_error',
    'resolve',
    { answers: ['10.9.0.2'] },
  ),
  failed(
    'times out without an answer',
    dns(v4(81), { timeout: 300 }),
    'generic_timeout_error',
    'resolve',
  ),
  failed('hears that no DNS server is there', dns(v4(9)), 'connection_refused', 'resolve'),
  success('takes the first valid answer of a race', dns(v4(PEER_PORT.racingDns)), {
    answers: ['10.0.0.1'],
    detail: '1 later answers say something else; 1 datagrams did not answer the query',
  }),
];

describe('agent/endpoint probes between two nodes', function () {
  this.timeout(60_000);
  let lab: TwoNodes;
  let ready: string[];

  before(async () => {
    lab = createTwoNodes(
      SERVICES,
      CASES.map(({ title, probe }) => flow(title, probe)),
    );
    await lab.inNode(
      'server',
      'nft',
      'add table inet lab; add chain inet lab input { type filter hook input priority 0; }; add rule inet lab input th dport 81 drop',
    );
    await lab.inNode('client', 'ip', 'route', 'add', 'unreachable', '10.8.0.0/24');
    [ready] = await Promise.all([lab.startServices(), startHostilePeer(lab)]);
  });
  after(() => lab.close());

  it('startServices() names what is ready', () => {
    expect(ready).to.deep.equal(['web', 'secure', 'echo', 'datagrams', 'names']);
  });

  for (const { title, wished } of CASES)
    it(`runFlow() ${title}`, async () => {
      const before = nowMicros();
      const found = await lab.runFlow(title, 3);
      expect(found, JSON.stringify(found)).to.deep.include(wished);
      expect(found).to.include({ flow: title, attempt: 3, node: 'client' });
      expect(found.start).to.be.within(before, found.end);
      expect(found.end).to.be.at.most(nowMicros());
      if (wished.failure !== 'network_unreachable' && wished.failure !== 'host_unreachable') {
        const source = found.fiveTuple?.destination.includes(':') ? CLIENT.v6 : CLIENT.v4;
        expect(found.fiveTuple?.source).to.equal(source);
        expect(found.fiveTuple?.sourcePort).to.be.above(0);
      }
    });

  it('runFlow() reads megabytes over TLS and notes when', async () => {
    const { received, timings } = await lab.runFlow('asks for a page over TLS', 1);
    expect(received).to.be.above(5_000_000);
    const order = ['connect', 'tls_handshake', 'first_byte', 'done'].map(
      (name) => timings[name] ?? NaN,
    );
    expect([...order].sort((a, b) => a - b)).to.deep.equal(order);
  });

  it('runFlow() keeps attempts that run at once apart', async () => {
    const found = await Promise.all(
      Array.from({ length: 30 }, (_, index) => lab.runFlow('reads a site', index + 1)),
    );
    expect(found.map(({ failure }) => failure)).to.deep.equal(found.map(() => null));
    expect(found.map(({ attempt }) => attempt)).to.deep.equal(found.map((_, index) => index + 1));
    expect(new Set(found.map(({ fiveTuple }) => fiveTuple?.sourcePort)).size).to.equal(30);
  });

  it('runFlow() ends what succeeds without a RST of either side', async () => {
    /** OutRsts of /proc/net/snmp, where the second line that begins with "Tcp:" holds the values. */
    const resets = async (node: 'client' | 'server'): Promise<number> => {
      const lines = (await lab.inNode(node, 'cat', '/proc/net/snmp')).split('\n');
      const [names = [], values = []] = lines
        .filter((line) => line.startsWith('Tcp:'))
        .map((line) => line.split(' '));
      return Number(values[names.indexOf('OutRsts')]);
    };
    const before = [await resets('client'), await resets('server')];
    const good = CASES.filter(({ wished }) => wished.failure === null);
    for (const { title } of good) await lab.runFlow(title, 1);
    await lab.runFlow('finds another status', 1);
    await lab.stop();
    expect([await resets('client'), await resets('server')]).to.deep.equal(before);
    await lab.startServices();
  });

  it('runFlow() refuses a flow that is not in the plan', async () => {
    const fault = await lab.runFlow('nothing', 1).catch((error: unknown) => error);
    expect(fault).to.have.property('message', 'Flow "nothing" is not in the plan');
  });

  it('stop() closes every listener, writes the logs and can be followed by another start', async () => {
    await lab.stop();
    const log = readFileSync(join(lab.directory, 'logs', 'server.secure.log'), 'utf8');
    expect(log).to.match(
      /\[fd09::1\]:\d+ > \[fd09::2\]:443, .*sni www\.example, alpn http\/1\.1, closed/,
    );
    expect(log).to.match(/stopped: \d+ connections, \d+ B in, \d+ B out, \d+ failed\n$/);
    const ports = Object.values(PEER_PORT).map(String);
    const sockets = await lab.inNode('server', 'ss', '-Hlntu');
    const open = sockets
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/)[4]?.split(':').at(-1) ?? '');
    expect(open.filter((port) => !ports.includes(port))).to.deep.equal([]);
    await lab.startServices();
    expect((await lab.runFlow('reads a site', 1)).failure).to.equal(null);
  });
});
