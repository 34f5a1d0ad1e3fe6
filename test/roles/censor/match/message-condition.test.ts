import { expect } from 'chai';
import type { MatchCondition } from '../../../../src/model/censor.ts';
import type { Message } from '../../../../src/roles/censor/inspect/message.ts';
import {
  compileMessageTest,
  layerOf,
} from '../../../../src/roles/censor/match/message-condition.ts';
import { DROP, RESET, rule } from '../playbook.ts';

const tls = (serverName: string | null): Message => ({
  layer: 'tls',
  hello: { legacyVersion: 0x0303, serverName, alpn: [], supportedVersions: [], extensions: [] },
});
const http: Message = {
  layer: 'http',
  head: { method: 'GET', target: '/a', path: '/a', host: 'x.example', body: 0 },
};
const dns = (...questions: readonly (readonly [string, number])[]): Message => ({
  layer: 'dns',
  query: {
    id: 1,
    opcode: 0,
    recursionDesired: true,
    questions: questions.map(([name, type]) => ({ name, type, class: 1 })),
  },
});
const SNI: MatchCondition = { field: 'tls.sni', names: ['x.example'] };
const HOST: MatchCondition = { field: 'http.host', names: ['x.example'] };
const QNAME: MatchCondition = { field: 'dns.qname', names: ['x.example'] };
const QTYPE: MatchCondition = { field: 'dns.qtype', values: [28] };

describe('roles/censor/message-condition', () => {
  const cases: readonly (readonly [readonly MatchCondition[], Message, string | null])[] = [
    [[SNI], tls('X.example'), 'tls.sni X.example'],
    [[SNI], tls('y.example'), null],
    [[SNI], tls(null), null],
    [[SNI], http, null],
    [[HOST], http, 'http.host x.example'],
    [[HOST, { field: 'http.path', patterns: ['/b'] }], http, null],
    [
      [HOST, { field: 'http.method', patterns: ['G*'] }],
      http,
      'http.host x.example, http.method GET',
    ],
    [[SNI, HOST], http, null],
    [[QNAME], dns(['a', 1], ['x.example', 1]), 'dns.qname x.example'],
    [[QNAME, QTYPE], dns(['x.example', 28]), 'dns.qname x.example, dns.qtype 28'],
    [[QNAME, QTYPE], dns(['x.example', 1], ['a', 28]), null],
    [[QTYPE], dns(), null],
  ];
  for (const [match, message, wish] of cases)
    it(`compileMessageTest() of ${JSON.stringify(match)} gives ${wish ?? 'nothing'}`, () => {
      expect(compileMessageTest(rule(match, DROP))(message)).to.equal(wish);
    });

  it('layerOf() is what the conditions or the action read', () => {
    expect(layerOf(rule([SNI], DROP))).to.equal('tls');
    expect(layerOf(rule([QTYPE], DROP))).to.equal('dns');
    expect(layerOf(rule([], RESET))).to.equal(null);
    const page = { kind: 'blockpage', status: 403, reason: 'x', headers: [], body: '' } as const;
    expect(layerOf(rule([], { ...page, resetServer: true, dropTrigger: true }))).to.equal('http');
  });
});
