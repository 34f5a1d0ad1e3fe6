import { expect } from 'chai';
import type { CensorRule, MatchCondition } from '../../../src/model/censor.ts';
import { planOf } from '../compile-text.ts';

const lab = (rule: string, position = 'in-path'): string => `version: 1
name: lab
hosts: { a: {}, m: {}, b: {} }
networks: { one: { members: [a, m] }, two: { members: [m, b] } }
censor: { on: m, position: ${position}, rules: [${rule}] }
`;

const ruleOf = (rule: string, position?: string): CensorRule | undefined =>
  planOf(lab(rule, position)).censors[0]?.rules[0];

const matchOf = (match: string): readonly MatchCondition[] | undefined =>
  ruleOf(`{ match: { ${match} }, action: allow }`)?.match;

const MATCHES: readonly (readonly [string, MatchCondition])[] = [
  ['ip.src: 10.0.0.7', { field: 'ip.src', prefixes: ['10.0.0.7/32'] }],
  [
    'ip.addr: ["10.1.2.3/8", "fd00::/8"]',
    { field: 'ip.addr', prefixes: ['10.0.0.0/8', 'fd00::/8'] },
  ],
  ['ip.version: 6', { field: 'ip.version', values: [6] }],
  ['ip.proto: "tcp|UDP|47"', { field: 'ip.proto', values: [6, 17, 47] }],
  ['tcp.dstport: 443', { field: 'tcp.dstport', ranges: [[443, 443]] }],
  [
    'udp.port: ["1000-2000", 53]',
    {
      field: 'udp.port',
      ranges: [
        [1000, 2000],
        [53, 53],
      ],
    },
  ],
  ['tcp.flags: "SYN+!ACK"', { field: 'tcp.flags', set: ['SYN'], clear: ['ACK'] }],
  ['dns.qtype: [A, aaaa, 65]', { field: 'dns.qtype', values: [1, 28, 65] }],
  ['dns.qname: "*.Blocked.example."', { field: 'dns.qname', names: ['*.blocked.example'] }],
  ['tls.sni: "*.a.example | a.example"', { field: 'tls.sni', names: ['*.a.example', 'a.example'] }],
  ['http.host: "*"', { field: 'http.host', names: ['*'] }],
  ['http.path: "/a/*|/b"', { field: 'http.path', patterns: ['/a/*', '/b'] }],
  ['http.method: [GET, HEAD]', { field: 'http.method', patterns: ['GET', 'HEAD'] }],
];

describe('resolveMatch()', () => {
  for (const [written, condition] of MATCHES)
    it(`reads ${written}`, () => {
      expect(matchOf(written)).to.deep.equal([condition]);
    });

  it('takes an empty map for every packet', () => {
    expect(matchOf('')).to.deep.equal([]);
  });
});

const RESET = { kind: 'reset', sides: 'both', count: 1, flags: 'RST', ttl: null };

const ACTIONS: readonly (readonly [string, object])[] = [
  ['allow', { kind: 'allow' }],
  ['drop', { kind: 'drop', direction: 'both', scope: 'flow' }],
  [
    '{ drop: { direction: forward, scope: packet } }',
    { kind: 'drop', direction: 'forward', scope: 'packet' },
  ],
  ['reset', { ...RESET, dropTrigger: true }],
  [
    '{ reset: { sides: client, count: 3, flags: RST+ACK, ttl: 64, dropTrigger: false } }',
    { kind: 'reset', sides: 'client', count: 3, flags: 'RST+ACK', ttl: 64, dropTrigger: false },
  ],
  [
    '{ inject: { dns: { answers: [192.0.2.1, "2001:db8::1"], delay: 2ms } } }',
    {
      ...{ kind: 'dns', pool: ['192.0.2.1', '2001:db8::1'], rcode: 'NOERROR', recordTtl: 300 },
      ...{ ttl: null, delay: 2, authoritative: false, dropTrigger: true },
    },
  ],
  [
    '{ inject: { http: { status: 451, headers: { Server: x }, body: No } } }',
    {
      ...{
        kind: 'blockpage',
        status: 451,
        reason: 'Forbidden',
        headers: [['Server', 'x']],
        body: 'No',
      },
      ...{ resetServer: true, dropTrigger: true },
    },
  ],
  [
    '{ throttle: { rate: 150kbit } }',
    { kind: 'throttle', mode: 'police', rate: 150_000, burst: 16_384, direction: 'both' },
  ],
];

describe('resolveAction()', () => {
  for (const [written, action] of ACTIONS)
    it(`fills in ${written}`, () => {
      expect(ruleOf(`{ match: {}, action: ${written} }`)?.action).to.deep.equal(action);
    });

  it('lets the packet that triggers an on-path censor go on', () => {
    const rule = ruleOf('{ match: {}, action: reset }', 'on-path');
    expect(rule?.action).to.deep.equal({ ...RESET, dropTrigger: false });
  });
});

describe('resolveResidual()', () => {
  const residual = { key: '3-tuple', for: 90_000, refresh: false, existing: false, action: null };

  it('is the same beside the action and within it', () => {
    const within = ruleOf('{ match: {}, action: { reset: {}, residual: { for: 90s } } }');
    const beside = ruleOf('{ match: {}, action: reset, residual: { for: 90s } }');
    expect(within?.residual).to.deep.equal(residual);
    expect(beside?.residual).to.deep.equal(residual);
  });

  it('may do something else than the rule', () => {
    const rule = ruleOf(
      '{ match: {}, action: reset, residual: { for: 5s, key: 2-tuple, refresh: true, action: drop } }',
    );
    expect(rule?.residual).to.deep.equal({
      ...{ key: '2-tuple', for: 5000, refresh: true, existing: false },
      action: { kind: 'drop', direction: 'both', scope: 'packet' },
    });
  });
});

describe('resolveCensors()', () => {
  it('names censors and rules, and takes a share of the flows', () => {
    const [censor] = planOf(
      lab('{ match: {}, action: reset, probability: 30% }, { match: {}, action: allow }'),
    ).censors;
    expect(censor).to.include({ name: 'censor-m', on: 'm', position: 'in-path', onError: 'pass' });
    expect(censor?.rules.map(({ name, probability }) => [name, probability])).to.deep.equal([
      ['rule-1', 0.3],
      ['rule-2', 1],
    ]);
  });
});
