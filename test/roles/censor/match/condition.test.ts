import { expect } from 'chai';
import type { Match, MatchCondition } from '../../../../src/model/censor-match.ts';
import { buildIcmp } from '../../../../src/wire/build.ts';
import { ja4 } from '../../../../src/wire/ja4.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import { buildClientHello, buildTlsRecords } from '../../../../src/wire/tls-build.ts';
import {
  V4,
  V6,
  clientData,
  datagram,
  fromClient,
  hello,
  ip,
  request,
  serverData,
  text,
} from '../playbook.ts';
import { type Asking, ask, dnsMessage, httpMessage, tlsMessage } from './asked.ts';

const { ACK, SYN } = TCP_FLAG;
const one = (value: number): readonly (readonly [number, number])[] => [[value, value]];
const tcp4 = clientData(V4, text('hello'));
const tcp6 = clientData(V6, text('hello'));
const udp4 = datagram(V4, text('hello'));
const bare = fromClient(V4, { sequence: 7, acknowledgment: 9, flags: ACK, window: 512 });
const echo = buildIcmp(
  { source: ip(V4.client), destination: ip(V4.server), ttl: 9 },
  { type: 8, code: 0, id: 1, sequence: 1, data: text('ping') },
);
const HELLO = tlsMessage(
  buildTlsRecords(
    buildClientHello({
      serverName: 'Blocked.example',
      alpn: ['h2', 'http/1.1'],
      supportedVersions: [0x0a0a, 0x0304, 0x0303],
      extensions: [
        { type: 0xffce, data: new Uint8Array(4) },
        { type: 0xfe0d, data: new Uint8Array(4) },
      ],
    }),
  ),
);
const NAMELESS = tlsMessage(buildTlsRecords(buildClientHello({ serverName: null })));
const QUIC = { layer: 'quic', version: 1, hello: HELLO.hello } as const;
const SSH = { layer: 'ssh', version: 'SSH-2.0-OpenSSH_9.2', kex: [] } as const;
const HTTP = httpMessage(request('x.example', '/a?b=falun'));
const ODD = httpMessage(text('GET / HTTP/1.0\r\nhost:x\r\n\r\n'));
const QUERY = dnsMessage(['a.example', 1], ['b.example', 28]);

type Case = readonly [MatchCondition, Uint8Array, boolean | 'unknown', Asking?];

const CASES: Readonly<Record<string, readonly Case[]>> = {
  addresses: [
    [{ field: 'ip.src', prefixes: ['10.0.0.1/32'] }, tcp4, true],
    [{ field: 'ip.src', prefixes: ['10.0.0.2/31'] }, tcp4, false],
    [{ field: 'ip.dst', prefixes: ['10.0.0.2'] }, tcp4, true],
    [{ field: 'ip.dst', prefixes: ['0.0.0.0/0'] }, tcp6, false],
    [{ field: 'ip.addr', prefixes: ['fd00::2'] }, tcp6, true],
    [{ field: 'ip.addr', prefixes: ['fd00::3'] }, tcp6, false],
    [
      { field: 'ip.dst', prefixes: ['1.1.1.1'], list: 0 },
      tcp4,
      true,
      { lists: [{ file: 'a', text: '# servers\n10.0.0.2 # one\n' }] },
    ],
  ],
  'numbers of headers': [
    [{ field: 'ip.version', ranges: one(6) }, tcp6, true],
    [{ field: 'ip.proto', ranges: [...one(1), ...one(17)] }, udp4, true],
    [{ field: 'ip.ttl', ranges: [[null, 10]] }, echo, true],
    [{ field: 'ip.id', ranges: [[0, 65_535]] }, tcp4, true],
    [{ field: 'ip.id', ranges: [[0, 65_535]] }, tcp6, 'unknown'],
    [{ field: 'ip.length', ranges: one(45) }, tcp4, true],
    [{ field: 'ip.length', ranges: one(65) }, tcp6, true],
    [{ field: 'ip.dscp', ranges: one(0) }, tcp4, true],
    [{ field: 'tcp.dstport', ranges: [[440, 450]] }, tcp4, true],
    [{ field: 'tcp.dstport', ranges: one(443) }, udp4, 'unknown'],
    [{ field: 'tcp.srcport', ranges: one(443) }, tcp4, false],
    [{ field: 'tcp.port', ranges: one(40_000) }, tcp4, true],
    [{ field: 'udp.port', ranges: one(443) }, udp4, true],
    [{ field: 'udp.srcport', ranges: one(40_000) }, udp4, true],
    [{ field: 'udp.dstport', ranges: one(53) }, udp4, false],
    [{ field: 'udp.length', ranges: one(13) }, udp4, true],
    [{ field: 'tcp.seq', ranges: one(7) }, bare, true],
    [{ field: 'tcp.ack', ranges: one(9) }, bare, true],
    [{ field: 'tcp.window', ranges: one(512) }, bare, true],
    [{ field: 'tcp.length', ranges: one(0) }, bare, true],
    [{ field: 'tcp.headerLength', ranges: one(20) }, bare, true],
    [{ field: 'tcp.urgent', ranges: one(0) }, bare, true],
    [{ field: 'tcp.window', ranges: one(0) }, udp4, 'unknown'],
    [{ field: 'icmp.type', ranges: one(8) }, echo, true],
    [{ field: 'icmp.code', ranges: one(8) }, echo, false],
    [{ field: 'icmp.type', ranges: one(8) }, tcp4, 'unknown'],
  ],
  'facts of headers': [
    [{ field: 'ip.fragment', value: true }, tcp4, false],
    [{ field: 'ip.df', value: true }, tcp6, 'unknown'],
    [{ field: 'ip.options', value: false }, tcp4, true],
    [{ field: 'tcp.options', value: true }, bare, false],
    [{ field: 'tcp.options', value: true }, udp4, 'unknown'],
    [{ field: 'tcp.flags', set: ['ACK'], clear: ['PSH'] }, bare, true],
    [{ field: 'tcp.flags', set: ['ACK'], clear: ['PSH'] }, tcp4, false],
    [{ field: 'tcp.flags', set: ['ACK'], clear: [] }, udp4, 'unknown'],
  ],
  ends: [
    [{ field: 'ports', order: '>' }, tcp4, true],
    [{ field: 'ports', order: '<=' }, tcp4, false],
    [{ field: 'ports', order: '=' }, echo, 'unknown'],
    [{ field: 'flow.side', words: ['client'] }, tcp4, true],
    [{ field: 'flow.side', words: ['client'] }, tcp4, false, { isForward: false }],
    [{ field: 'flow.origin', words: ['inside'] }, tcp4, true, { inside: ['10.0.0.1'] }],
    [
      { field: 'flow.origin', words: ['inside'] },
      serverData(V4, text('x')),
      true,
      { inside: ['10.0.0.1'], isForward: false },
    ],
    [{ field: 'flow.origin', words: ['outside'] }, tcp4, true, { inside: ['10.0.0.2'] }],
    [{ field: 'flow.origin', words: ['inside'] }, tcp4, 'unknown'],
    [{ field: 'share', of: ['clientPort'], share: 1 }, tcp4, true],
    [{ field: 'share', of: ['clientPort'], share: 0 }, tcp4, false],
    [{ field: 'share', of: ['clientPort'], share: 1 }, echo, 'unknown'],
  ],
  payloads: [
    [{ field: 'payload.length', ranges: one(5) }, tcp4, true],
    [{ field: 'payload.length', ranges: one(0) }, bare, true],
    [{ field: 'payload.entropy', ranges: [[0, 8]] }, bare, 'unknown'],
    [{ field: 'payload.printable', ranges: one(1) }, tcp4, true],
    [{ field: 'payload.printablePrefix', ranges: one(5) }, tcp4, true],
    [{ field: 'payload.protocol', words: ['http'] }, clientData(V4, request('x')), true],
    [{ field: 'payload.protocol', words: ['tls'] }, clientData(V4, hello('x')), true],
    [{ field: 'payload.protocol', words: ['unknown'] }, bare, 'unknown'],
    [{ field: 'payload.bytes', values: ['ff', '6c6c'], at: null }, tcp4, true],
    [{ field: 'payload.bytes', values: ['6c6c'], at: 0 }, tcp4, false],
    [{ field: 'payload.bytes', values: ['6c6c'], at: 2 }, tcp4, true],
    [{ field: 'payload.bytes', values: ['6f00'], at: 4 }, tcp4, false],
    [{ field: 'payload.bytes', values: ['00'], at: null }, bare, 'unknown'],
    [{ field: 'payload.regex', source: '^h.+O$', flags: 'gi' }, tcp4, true],
    [{ field: 'payload.regex', source: '\\xff', flags: '' }, tcp4, false],
    [
      { field: 'payload.regex', source: '^\\xff\\x00', flags: '' },
      clientData(V4, Uint8Array.of(0xff, 0)),
      true,
    ],
  ],
  messages: [
    [{ field: 'tls.sni', names: ['blocked.example'] }, tcp4, true, { message: HELLO }],
    [{ field: 'tls.sni', names: ['x.example'] }, tcp4, false, { message: HELLO }],
    [{ field: 'tls.sni', names: ['x.example'] }, tcp4, 'unknown', { message: NAMELESS }],
    [{ field: 'tls.sni', names: ['blocked.example'] }, tcp4, 'unknown', { message: QUIC }],
    [{ field: 'tls.sni', names: ['blocked.example'] }, tcp4, 'unknown'],
    [{ field: 'quic.sni', names: ['*'] }, udp4, true, { message: QUIC }],
    [{ field: 'quic.version', ranges: one(1) }, udp4, true, { message: QUIC }],
    [{ field: 'quic.ech', value: true }, udp4, true, { message: QUIC }],
    [{ field: 'tls.version', ranges: one(0x0304) }, tcp4, true, { message: HELLO }],
    [{ field: 'tls.extension', ranges: one(0xffce) }, tcp4, true, { message: HELLO }],
    [{ field: 'tls.extension', ranges: one(0xffce) }, tcp4, false, { message: NAMELESS }],
    [{ field: 'tls.esni', value: true }, tcp4, true, { message: HELLO }],
    [{ field: 'tls.ech', value: true }, tcp4, false, { message: NAMELESS }],
    [{ field: 'tls.alpn', patterns: ['http/*'] }, tcp4, true, { message: HELLO }],
    [{ field: 'tls.alpn', patterns: ['http/*'] }, tcp4, 'unknown', { message: NAMELESS }],
    [{ field: 'tls.ja4', patterns: [ja4(HELLO.hello, 't')] }, tcp4, true, { message: HELLO }],
    [{ field: 'quic.ja4', patterns: [ja4(HELLO.hello, 'q')] }, udp4, true, { message: QUIC }],
    [{ field: 'ssh.version', patterns: ['SSH-2.0-*'] }, tcp4, true, { message: SSH }],
    [{ field: 'ssh.kex', patterns: ['*'] }, tcp4, 'unknown', { message: SSH }],
    [{ field: 'http.host', names: ['x.example'] }, tcp4, true, { message: HTTP }],
    [{ field: 'http.method', patterns: ['G*'] }, tcp4, true, { message: HTTP }],
    [{ field: 'http.path', patterns: ['*falun*'] }, tcp4, true, { message: HTTP }],
    [{ field: 'http.version', patterns: ['1.1'] }, tcp4, true, { message: HTTP }],
    [{ field: 'http.header', patterns: ['Host: x.*'] }, tcp4, true, { message: HTTP }],
    [{ field: 'http.header', patterns: ['Host: *'] }, tcp4, false, { message: ODD }],
    [{ field: 'http.canonical', value: true }, tcp4, true, { message: HTTP }],
    [{ field: 'http.canonical', value: true }, tcp4, false, { message: ODD }],
    [{ field: 'http.regex', source: 'b=falun HTTP', flags: '' }, tcp4, true, { message: HTTP }],
    [{ field: 'dns.qname', names: ['b.example'] }, udp4, false, { message: QUERY }],
    [{ field: 'dns.qname', names: ['b.example'] }, udp4, true, { message: QUERY, question: 1 }],
    [{ field: 'dns.qtype', ranges: one(28) }, udp4, true, { message: QUERY, question: 1 }],
    [{ field: 'dns.qdcount', ranges: one(2) }, udp4, true, { message: QUERY }],
  ],
  flows: [
    [{ field: 'flow.packets', ranges: one(2) }, tcp4, true, { before: [bare] }],
    [{ field: 'flow.data', ranges: one(1) }, tcp4, true, { before: [bare] }],
    [{ field: 'flow.bytes', ranges: one(85) }, tcp4, true, { before: [bare] }],
    [{ field: 'flow.age', ranges: [[1000, null]] }, tcp4, true, { age: 1000 }],
    [{ field: 'flow.age', ranges: [[1000, null]] }, tcp4, false, { age: 999 }],
  ],
};

describe('roles/censor/match/condition', () => {
  for (const [family, cases] of Object.entries(CASES))
    for (const [index, [condition, packet, wish, asking]] of cases.entries())
      it(`${family} ${index}: ${JSON.stringify(condition)} is ${wish}`, () => {
        expect(ask(condition, packet, asking)).to.equal(wish);
      });

  it('share takes that part of all ends, the same either way and for each seed another', () => {
    const chosen = (seed: number, share: number): readonly boolean[] =>
      Array.from({ length: 400 }, (_, index) => {
        const ends = { ...V4, clientPort: 1000 + index };
        const match: Match = { field: 'share', of: ['client', 'clientPort'], share };
        const forward = ask(match, clientData(ends, text('x')), { seed });
        const reverse = ask(match, serverData(ends, text('x')), { seed, isForward: false });
        expect(reverse).to.equal(forward);
        return forward === true;
      });
    expect(chosen(1, 0.3).filter(Boolean).length).to.be.within(80, 160);
    expect(chosen(1, 0.3)).not.to.deep.equal(chosen(2, 0.3));
    const wide = chosen(1, 0.6);
    expect(chosen(1, 0.3).every((isChosen, index) => !isChosen || wide[index])).to.equal(true);
  });

  it('model gives its features to the evaluator, and is unknown where one is missing', () => {
    const seen: number[][] = [];
    const evaluator = {
      evaluate: (model: number, features: Float32Array): Float32Array | null => {
        seen.push([model, ...features]);
        return features[0] === 5 ? Float32Array.of(0, 0.75) : null;
      },
    };
    const match: Match = {
      field: 'model',
      model: 3,
      features: [{ field: 'payload.length' }, { bytes: 2 }, { field: 'tcp.port' }],
      output: 1,
      ranges: [[0.5, null]],
    };
    expect(ask(match, tcp4, { evaluator })).to.equal(true);
    expect(ask(match, bare, { evaluator })).to.equal('unknown');
    expect(ask(match, clientData(V4, text('x')), { evaluator })).to.equal('unknown');
    expect(ask(match, tcp4)).to.equal('unknown');
    expect(seen).to.deep.equal([
      [3, 5, 0x68, 0x65, 443],
      [3, 1, 0x78, 0, 443],
    ]);
  });

  it('a SYN by itself has no message to ask about', () => {
    const syn = fromClient(V4, { sequence: 1, flags: SYN });
    expect(ask({ not: { field: 'tls.sni', names: ['x'] } }, syn)).to.equal('unknown');
  });
});
