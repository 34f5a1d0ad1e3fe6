import { join } from 'node:path';
import { expect } from 'chai';
import type { Observation } from '../../../src/model/observation.ts';
import type { HelloShape } from '../../../src/model/probe.ts';
import type { ProbeSpec, Target } from '../../../src/model/traffic.ts';
import { PEER_PORT } from './hostile-peer.ts';
import { startHostilePeer } from './start-peer.ts';
import { SERVER, createTwoNodes, flow, service } from './two-nodes.ts';
import type { TwoNodes } from './two-nodes.ts';

const SERVICES = [
  service('web', {
    ...{ kind: 'http', port: 80, size: 300_000 },
    sites: [{ host: 'www.example', status: 200, body: 'hello' }],
  }),
  service('both', {
    ...{ kind: 'tls', port: 443, names: ['www.example'], size: 200_000, http2: true },
  }),
  service('old', { kind: 'tls', port: 8443, names: ['www.example'], size: 100 }),
  service('names', {
    ...{ kind: 'dns', port: 53, ttl: 60 },
    records: [
      { name: 'www.example', type: 'A', value: '10.9.0.2' },
      { name: 'www.example', type: 'MX', value: '10 mail.example' },
      { name: 'www.example', type: 'HTTPS', value: '1 . alpn=h2,h3' },
      { name: '_s._tcp.example', type: 'SRV', value: '0 5 443 www.example' },
      ...Array.from({ length: 40 }, (_, index) => ({
        ...{ name: 'big.example', type: 'TXT' as const, value: String(index).padStart(60, 'x') },
      })),
    ],
    secure: { dot: 853, doh: 8444, names: ['dns.example'] },
  }),
];

const v4 = (port: number): Target => ({ host: 'www.example', address: SERVER.v4, port });
const v6 = (port: number): Target => ({ host: 'www.example', address: SERVER.v6, port });

const http2 = (target: Target, change: object = {}): ProbeSpec => ({
  ...{ kind: 'http', target, method: 'GET', hostHeader: 'www.example', path: '/', version: '2' },
  ...{ timeout: 5000, expectStatus: null },
  ...change,
});
const https = (target: Target, change: object = {}): ProbeSpec => ({
  ...{ kind: 'https', target, sni: 'www.example', hostHeader: 'www.example', method: 'GET' },
  ...{ path: '/', version: null, alpn: ['h2', 'http/1.1'], verify: true, expectStatus: 200 },
  timeout: 5000,
  ...change,
});
const tls = (target: Target, hello: HelloShape, change: object = {}): ProbeSpec => ({
  ...{ kind: 'tls', target, sni: 'www.example', alpn: [], get: '/', verify: true, timeout: 5000 },
  hello,
  ...change,
});
const dns = (target: Target, transport: 'dot' | 'doh', change: object = {}): ProbeSpec => ({
  ...{ kind: 'dns', target, qname: 'www.example', qtype: 'A', transport, timeout: 5000 },
  expectAnswers: [],
  secure: {
    ...{ serverName: 'dns.example', verify: true, path: '/dns-query' },
    ...{ method: 'POST', version: '2' },
  },
  ...change,
});
const over = (change: object): object => ({
  secure: {
    ...{ serverName: 'dns.example', verify: true, path: '/dns-query' },
    ...{ method: 'POST', version: '2' },
    ...change,
  },
});

const OPENSSL_PORT = 8443 + 1000;
const GREASE: HelloShape = { ech: 'grease' };

type Case = readonly [title: string, probe: ProbeSpec, wished: Partial<Observation>];
const SUCCESS = { failure: null, operation: null };

const CASES: readonly Case[] = [
  ['h2c: reads a site', http2(v4(80)), { ...SUCCESS, status: 200, bodyStart: 'hello' }],
  [
    'h2c: reads a large page over IPv6',
    http2(v6(80), { hostHeader: 'other.example' }),
    { ...SUCCESS, received: 300_000 },
  ],
  ['h2c: reads the head alone', http2(v4(80), { method: 'HEAD' }), { ...SUCCESS, received: 0 }],
  [
    'h2c: finds another status',
    http2(v4(80), { expectStatus: 204 }),
    { failure: 'http_unexpected_status_code', operation: 'read', status: 200 },
  ],
  [
    'h2c: finds a reset',
    http2(v4(PEER_PORT.resetOnData)),
    { failure: 'connection_reset', operation: 'read' },
  ],
  ['h2c: finds a FIN', http2(v4(PEER_PORT.finOnData)), { failure: 'eof_error', operation: 'read' }],
  [
    'h2c: finds something else than HTTP/2',
    http2(v4(PEER_PORT.noHttp)),
    { failure: 'http_request_failed', operation: 'read' },
  ],
  [
    'h2c: times out on silence',
    http2(v4(PEER_PORT.silent), { timeout: 300 }),
    { failure: 'generic_timeout_error', operation: 'read' },
  ],

  [
    'https: takes HTTP/2 where it is offered',
    https(v4(443)),
    { ...SUCCESS, status: 200, received: 200_000 },
  ],
  [
    'https: takes HTTP/1.1 where that is all there is',
    https(v4(8443)),
    { ...SUCCESS, status: 200 },
  ],
  [
    'https: asks for HTTP/1.1',
    https(v6(443), { version: '1.1', alpn: ['http/1.1'] }),
    { ...SUCCESS, status: 200 },
  ],
  [
    'https: finds no HTTP/2',
    https(v4(8443), { version: '2', alpn: ['h2', 'http/1.1'] }),
    { failure: 'ssl_failed_handshake', operation: 'tls_handshake' },
  ],
  [
    'https: finds the certificate of another host',
    https(v4(443), { sni: 'other.example' }),
    { failure: 'ssl_invalid_hostname', operation: 'tls_handshake' },
  ],
  [
    'https: finds a reset in the handshake',
    https(v4(PEER_PORT.resetOnData)),
    { failure: 'connection_reset', operation: 'tls_handshake' },
  ],

  [
    'tls: splits the hello over records',
    tls(v4(443), { records: [1, 5, 40] }),
    { ...SUCCESS, status: 200 },
  ],
  [
    'tls: splits the hello over segments',
    tls(v6(443), { segments: [1, 64], records: [30] }),
    { ...SUCCESS, status: 200 },
  ],
  [
    'tls: a split hello meets a reset',
    tls(v4(PEER_PORT.resetOnData), { records: [1] }),
    { failure: 'connection_reset', operation: 'tls_handshake' },
  ],
  [
    'tls: a split hello meets a FIN',
    tls(v4(PEER_PORT.finOnData), { segments: [1] }),
    { failure: 'eof_error', operation: 'tls_handshake' },
  ],
  ['tls: asks for 1.2 alone', tls(v4(443), { maxVersion: '1.2' }), { ...SUCCESS, status: 200 }],
  ['tls: asks for 1.3 alone', tls(v4(443), { minVersion: '1.3' }), { ...SUCCESS, status: 200 }],
  ['ech: shakes hands and reads a page', tls(v4(443), GREASE), { ...SUCCESS, status: 200 }],
  [
    'ech: takes HTTP/2',
    tls(v6(443), { ...GREASE, records: [20], segments: [3] }, { alpn: ['h2'] }),
    { ...SUCCESS, status: 200, received: 200_000 },
  ],
  [
    'ech: finds the certificate of another host',
    tls(v4(443), GREASE, { sni: 'other.example' }),
    { failure: 'ssl_invalid_hostname', operation: 'tls_handshake' },
  ],
  [
    'ech: lets another host pass where that is fine',
    tls(v4(443), GREASE, { sni: 'other.example', verify: false }),
    SUCCESS,
  ],
  [
    'ech: finds a foreign authority',
    tls(v4(PEER_PORT.foreignTls), GREASE),
    { failure: 'ssl_unknown_authority', operation: 'tls_handshake' },
  ],
  [
    'ech: finds no common protocol',
    tls(v4(8443), GREASE, { alpn: ['h2'] }),
    { failure: 'ssl_failed_handshake', operation: 'tls_handshake' },
  ],
  [
    'ech: finds a server without TLS',
    tls(v4(80), GREASE),
    { failure: 'ssl_failed_handshake', operation: 'tls_handshake' },
  ],
  [
    'ech: finds a server without TLS 1.3',
    tls(v4(PEER_PORT.oldTls), GREASE),
    { failure: 'ssl_failed_handshake', operation: 'tls_handshake' },
  ],
  [
    'ech: finds a reset in the handshake',
    tls(v4(PEER_PORT.resetOnData), GREASE),
    { failure: 'connection_reset', operation: 'tls_handshake' },
  ],
  [
    'ech: finds a FIN in the handshake',
    tls(v4(PEER_PORT.finOnData), GREASE),
    { failure: 'eof_error', operation: 'tls_handshake' },
  ],
  [
    'ech: times out in the handshake',
    tls(v4(PEER_PORT.silent), GREASE, { timeout: 300 }),
    { failure: 'generic_timeout_error', operation: 'tls_handshake' },
  ],
  [
    'ech: goes along with another group',
    tls(v4(PEER_PORT.otherGroup), GREASE, { verify: false, get: null }),
    SUCCESS,
  ],
  [
    'ech: has no certificate when asked',
    tls(v4(PEER_PORT.asksForCertificate), GREASE, { verify: false }),
    { ...SUCCESS, status: 200 },
  ],

  [
    'ech: goes along with a retry, a cookie, ChaCha20 and RSA of OpenSSL',
    tls(v4(OPENSSL_PORT), GREASE, { verify: false }),
    { ...SUCCESS, status: 200 },
  ],

  ['dot: asks over TLS', dns(v4(853), 'dot'), { ...SUCCESS, answers: ['10.9.0.2'] }],
  ['dot: takes long answers', dns(v6(853), 'dot', { qname: 'big.example', qtype: 'TXT' }), SUCCESS],
  [
    'dot: finds no such name',
    dns(v4(853), 'dot', { qname: 'no.example' }),
    { failure: 'dns_nxdomain_error', operation: 'resolve' },
  ],
  [
    'dot: finds the certificate of another server',
    dns(v4(853), 'dot', over({ serverName: 'other.example' })),
    { failure: 'ssl_invalid_hostname', operation: 'tls_handshake' },
  ],
  [
    'dot: finds a reset',
    dns(v4(PEER_PORT.resetOnData), 'dot'),
    { failure: 'connection_reset', operation: 'tls_handshake' },
  ],
  [
    'doh: asks by POST over HTTP/2',
    dns(v4(8444), 'doh'),
    { ...SUCCESS, answers: ['10.9.0.2'], status: 200 },
  ],
  [
    'doh: asks by GET over HTTP/1.1',
    dns(v6(8444), 'doh', over({ method: 'GET', version: '1.1', path: '/q?a=b' })),
    { ...SUCCESS, answers: ['10.9.0.2'] },
  ],
  [
    'doh: asks by POST over HTTP/1.1',
    dns(v4(8444), 'doh', { ...over({ version: '1.1' }), qtype: 'MX' }),
    { ...SUCCESS, answers: ['10 mail.example'] },
  ],
  [
    'doh: asks by GET over HTTP/2',
    dns(v4(8444), 'doh', { ...over({ method: 'GET' }), qtype: 'HTTPS' }),
    { ...SUCCESS, answers: ['1 . alpn=h2,h3'] },
  ],
  [
    'doh: asks for SRV',
    dns(v4(8444), 'doh', { qname: '_s._tcp.example', qtype: 'SRV' }),
    { ...SUCCESS, answers: ['0 5 443 www.example'] },
  ],
  [
    'doh: finds a web server that knows no DNS',
    dns(v4(443), 'doh', over({ serverName: 'www.example' })),
    { failure: 'dns_no_answer', operation: 'resolve' },
  ],
];

describe('agent/endpoint probes over TLS and HTTP/2', function () {
  this.timeout(60_000);
  let lab: TwoNodes;

  before(async () => {
    lab = createTwoNodes(
      SERVICES,
      CASES.map(([title, probe]) => flow(title, probe)),
    );
    await Promise.all([lab.startServices(), startHostilePeer(lab)]);
    const pem = join(lab.directory, 'rsa.pem');
    await lab.inNode(
      'server',
      ...['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1'],
      ...['-subj', '/CN=www.example', '-keyout', pem, '-out', `${pem}.crt`],
    );
    await lab.startInNode(
      'server',
      ...['openssl', 's_server', '-accept', String(OPENSSL_PORT), '-www', '-stateless'],
      ...['-key', pem, '-cert', `${pem}.crt`, '-groups', 'P-256', '-tls1_3'],
      ...['-ciphersuites', 'TLS_CHACHA20_POLY1305_SHA256'],
    );
  });
  after(() => lab.close());

  for (const [title, , wished] of CASES)
    it(`runFlow() ${title}`, async () => {
      const found = await lab.runFlow(title, 1);
      expect(found, JSON.stringify(found)).to.deep.include(wished);
      expect(found.fiveTuple?.sourcePort).to.be.above(0);
    });

  it('runFlow() notes the stages in their order', async () => {
    for (const title of ['https: takes HTTP/2 where it is offered', 'ech: takes HTTP/2']) {
      const { timings } = await lab.runFlow(title, 2);
      const order = ['connect', 'tls_handshake', 'first_byte', 'done'].map(
        (name) => timings[name] ?? NaN,
      );
      expect(
        [...order].sort((a, b) => a - b),
        title,
      ).to.deep.equal(order);
    }
  });
});
