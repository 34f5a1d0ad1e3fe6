import { expect } from 'chai';
import type { Match } from '../../../../src/model/censor-match.ts';
import type { CensorRule } from '../../../../src/model/censor.ts';
import { compileText, mustPlan, placesOf, planOf } from '../../compile-text.ts';

const lab = (rule: string, position = 'in-path', more = ''): string => `version: 1
name: lab
hosts: { a: {}, m: {}, n: {}, b: {} }
networks: { one: { subnet: 10.1.0.0/24, members: [a, m, n] }, two: { subnet: 10.2.0.0/24, members: [m, n, b] } }
censor: { on: m, position: ${position}, rules: [${rule}]${more} }
`;

const ruleOf = (rule: string, position?: string): CensorRule | undefined =>
  planOf(lab(rule, position)).censors[0]?.rules[0];

function matchOf(match: string): readonly Match[] | undefined {
  const found = ruleOf(`{ match: { ${match} }, action: allow }`)?.match;
  return found !== undefined && 'all' in found ? found.all : undefined;
}

const MATCHES: readonly (readonly [string, Match])[] = [
  ['ip.src: 10.0.0.7', { field: 'ip.src', prefixes: ['10.0.0.7/32'] }],
  [
    'ip.addr: ["10.1.2.3/8", "fd00::/8"]',
    { field: 'ip.addr', prefixes: ['10.0.0.0/8', 'fd00::/8'] },
  ],
  ['ip.version: 6', { field: 'ip.version', ranges: [[6, 6]] }],
  [
    'ip.proto: "tcp|UDP|47"',
    {
      field: 'ip.proto',
      ranges: [
        [6, 6],
        [17, 17],
        [47, 47],
      ],
    },
  ],
  ['ip.id: 0xd431', { field: 'ip.id', ranges: [[0xd431, 0xd431]] }],
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
  ['tcp.length: ">5"', { field: 'tcp.length', ranges: [[6, null]] }],
  [
    'tcp.length: "<5|>=9"',
    {
      field: 'tcp.length',
      ranges: [
        [null, 4],
        [9, null],
      ],
    },
  ],
  ['tcp.flags: "SYN+!ACK"', { field: 'tcp.flags', set: ['SYN'], clear: ['ACK'] }],
  [
    'tcp.flags: "SYN|RST"',
    {
      any: [
        { field: 'tcp.flags', set: ['SYN'], clear: [] },
        { field: 'tcp.flags', set: ['RST'], clear: [] },
      ],
    },
  ],
  ['ports: dst < src', { field: 'ports', order: '>' }],
  [
    'dns.qtype: [A, aaaa, 65]',
    {
      field: 'dns.qtype',
      ranges: [
        [1, 1],
        [28, 28],
        [65, 65],
      ],
    },
  ],
  ['dns.qname: "*.Blocked.example."', { field: 'dns.qname', names: ['*.blocked.example'] }],
  ['tls.sni: "*.a.example | a.example"', { field: 'tls.sni', names: ['*.a.example', 'a.example'] }],
  ['http.host: "*mid*"', { field: 'http.host', names: ['*mid*'] }],
  ['http.path: "/a/*|/b"', { field: 'http.path', patterns: ['/a/*', '/b'] }],
  ['http.regex: { regex: a/b, flags: i }', { field: 'http.regex', source: 'a/b', flags: 'i' }],
  ['tls.version: 1.2', { field: 'tls.version', ranges: [[0x0303, 0x0303]] }],
  ['tls.version: 1.0', { field: 'tls.version', ranges: [[0x0301, 0x0301]] }],
  [
    'tls.extension: [ech, 0xffce]',
    {
      field: 'tls.extension',
      ranges: [
        [0xfe0d, 0xfe0d],
        [0xffce, 0xffce],
      ],
    },
  ],
  [
    'quic.version: v1|v2',
    {
      field: 'quic.version',
      ranges: [
        [1, 1],
        [0x6b3343cf, 0x6b3343cf],
      ],
    },
  ],
  ['payload.bytes: "16:03 01"', { field: 'payload.bytes', values: ['160301'], at: null }],
  [
    'payload.bytes: [{ text: GET, at: 0 }, { hex: "01", at: 0 }]',
    { field: 'payload.bytes', values: ['474554', '01'], at: 0 },
  ],
  ['payload.length: ">=1KiB"', { field: 'payload.length', ranges: [[1024, null]] }],
  ['payload.entropy: 3.4-4.6', { field: 'payload.entropy', ranges: [[3.4, 4.6]] }],
  ['payload.printable: ">=50%"', { field: 'payload.printable', ranges: [[0.5, null]] }],
  ['flow.age: "<=2s"', { field: 'flow.age', ranges: [[null, 2000]] }],
  [
    'share: 37%',
    { field: 'share', of: ['client', 'server', 'clientPort', 'serverPort'], share: 0.37 },
  ],
  [
    'any: [{ tcp.dstport: 1 }, { not: { tcp.dstport: 2, ip.df: true } }]',
    {
      any: [
        { all: [{ field: 'tcp.dstport', ranges: [[1, 1]] }] },
        {
          all: [
            {
              not: {
                all: [
                  { field: 'tcp.dstport', ranges: [[2, 2]] },
                  { field: 'ip.df', value: true },
                ],
              },
            },
          ],
        },
      ],
    },
  ],
];

describe('resolveMatch()', () => {
  for (const [written, condition] of MATCHES)
    it(`reads ${written}`, () => {
      expect(matchOf(written)).to.deep.equal([condition]);
    });

  it('takes an empty map for every packet', () => {
    expect(matchOf('')).to.deep.equal([]);
  });

  it('leaves out an open end by which a real number is next to its bound', () => {
    const [condition] = matchOf('payload.entropy: ">7"') ?? [];
    const low = condition !== undefined && 'ranges' in condition ? condition.ranges[0]?.[0] : null;
    expect(low).to.be.greaterThan(7);
    expect(low).to.be.lessThan(7.000001);
  });
});

const HEADER = {
  ttl: { from: 'trigger' },
  window: { from: 'fixed', value: 0 },
  ipId: { from: 'fixed', value: 0 },
};
const RESET = {
  ...{ kind: 'reset', mode: 'inject', direction: 'both', sides: 'both', count: 1, flags: ['RST'] },
  ...{ offsets: [0], ...HEADER, payload: '', delay: 0, gap: 0, repeat: true, dropTrigger: true },
};
const DROP = { kind: 'drop', direction: 'both', scope: 'flow', after: null };

const ACTIONS: readonly (readonly [string, readonly object[]])[] = [
  ['allow', [{ kind: 'allow' }]],
  ['drop', [DROP]],
  [
    '{ drop: { direction: forward, scope: packet } }',
    [{ ...DROP, direction: 'forward', scope: 'packet' }],
  ],
  ['{ drop: { after: 5-8 } }', [{ ...DROP, after: { packets: [5, 8], bytes: null } }]],
  [
    '{ freeze: { after: 16-20KiB } }',
    [{ ...DROP, after: { packets: null, bytes: [16_384, 20_480] } }],
  ],
  ['reset', [RESET]],
  ['[drop, reset]', [DROP, RESET]],
  [
    '{ reset: { offsets: [0, 1460], window: [1980, 1981], ttl: { random: 32-64 }, ip-id: { counter: 5 } } }',
    [
      {
        ...RESET,
        ...{ count: 2, offsets: [0, 1460], window: { from: 'cycle', values: [1980, 1981] } },
        ...{ ttl: { from: 'random', low: 32, high: 64 }, ipId: { from: 'counter', start: 5 } },
      },
    ],
  ],
  [
    '{ rewrite: { direction: both } }',
    [
      {
        ...RESET,
        ...{ mode: 'rewrite', flags: ['RST', 'ACK'], dropTrigger: false },
        ...{ window: { from: 'trigger' }, ipId: { from: 'trigger' } },
      },
    ],
  ],
  [
    '{ inject: { dns: { answers: [192.0.2.1, "2001:db8::1"], delay: 2ms, recordTtl: [60s, 300s] } } }',
    [
      {
        ...{ kind: 'dns', pool: ['192.0.2.1', '2001:db8::1'], cname: null, rcode: 'NOERROR' },
        ...{ recordTtl: { from: 'cycle', values: [60, 300] }, ttl: HEADER.ttl, ipId: HEADER.ipId },
        ...{ dontFragment: true, delay: [2, 2], count: 1, authoritative: false },
        ...{ recursionAvailable: true, dropTrigger: true },
      },
    ],
  ],
  [
    '{ inject: { http: { status: 451, version: 1.0, headers: { Server: x }, body: No } } }',
    [
      {
        ...{
          kind: 'blockpage',
          version: '1.0',
          status: 451,
          reason: 'Unavailable For Legal Reasons',
          body: 'No',
        },
        ...{ headers: [['Server', 'x']], flags: ['FIN', 'PSH', 'ACK'], ...HEADER },
        ...{ window: { from: 'fixed', value: 65_535 }, dropTrigger: true },
        teardown: { ...RESET, sides: 'server' },
      },
    ],
  ],
  [
    '{ throttle: { rate: 150kbit, per: rule } }',
    [
      {
        kind: 'throttle',
        mode: 'police',
        rate: 150_000,
        burst: 16_384,
        direction: 'both',
        per: 'rule',
      },
    ],
  ],
  ['{ redirect: { to: b, port: 80 } }', [{ kind: 'redirect', to: ['10.2.0.3'], port: 80 }]],
  [
    '{ delay: { by: 100-300ms } }',
    [{ kind: 'delay', by: [100, 300], direction: 'both', scope: 'flow' }],
  ],
  ['{ lose: { share: 0.1% } }', [{ kind: 'lose', share: 0.001, direction: 'both', scope: 'flow' }]],
  [
    '{ tamper: { edits: [{ replace: { find: ab, with: { hex: "00" } } }, { tls-strip: esni }, { tcp-strip: sack }] } }',
    [
      {
        ...{ kind: 'tamper', direction: 'both', scope: 'flow' },
        edits: [
          { edit: 'replace', find: '6162', with: '00' },
          { edit: 'tls-strip', extension: 0xffce },
          { edit: 'tcp-strip', option: 4 },
        ],
      },
    ],
  ],
  ['{ mitm: {} }', [{ kind: 'mitm', authority: 'own', log: false }]],
];

describe('resolveActions()', () => {
  for (const [written, actions] of ACTIONS)
    it(`fills in ${written}`, () => {
      expect(ruleOf(`{ match: {}, action: ${written} }`)?.actions).to.deep.equal(actions);
    });

  it('lets the packet that triggers an on-path censor go on', () => {
    const rule = ruleOf('{ match: {}, action: reset }', 'on-path');
    expect(rule?.actions).to.deep.equal([{ ...RESET, dropTrigger: false }]);
  });
});

describe('resolveResidual()', () => {
  const residual = {
    ...{ key: '3-tuple', for: { low: 90_000, high: 90_000 }, refresh: false, existing: false },
    ...{ actions: [], probability: 1 },
  };

  it('is the same beside the action and within it', () => {
    const within = ruleOf('{ match: {}, action: { reset: {}, residual: { for: 90s } } }');
    const beside = ruleOf('{ match: {}, action: reset, residual: { for: 90s } }');
    expect(within?.residual).to.deep.equal(residual);
    expect(beside?.residual).to.deep.equal(residual);
  });

  it('may do something else than the rule, packet by packet', () => {
    const rule = ruleOf(
      '{ match: {}, action: reset, residual: { for: 2s-5s, key: 2-tuple, refresh: true, action: drop } }',
    );
    expect(rule?.residual).to.deep.equal({
      ...{ ...residual, key: '2-tuple', for: { low: 2000, high: 5000 }, refresh: true },
      actions: [{ ...DROP, scope: 'packet' }],
    });
  });
});

describe('resolveCensors()', () => {
  it('names censors and rules, and takes a share of the flows', () => {
    const [censor] = planOf(
      lab(
        '{ match: { ip.df: true }, action: reset, probability: 30% }, { match: {}, action: allow }',
      ),
    ).censors;
    expect(censor).to.include({ name: 'censor-m', on: 'm', position: 'in-path', onError: 'pass' });
    expect(censor?.rules.map(({ name, probability }) => [name, probability])).to.deep.equal([
      ['rule-1', 0.3],
      ['rule-2', 1],
    ]);
  });

  it('gives one censor over two hosts as two of one name', () => {
    const text = lab('{ match: {}, action: drop }').replace('on: m,', 'on: [m, n],');
    const { censors } = planOf(text);
    expect(censors.map(({ name, on }) => [name, on])).to.deep.equal([
      ['censor-m', 'm'],
      ['censor-m', 'n'],
    ]);
  });

  it('turns all reassembly off, and all checks but that of the TTL on', () => {
    const more = ', reassembly: false, checks: true, inside: one, onError: closed';
    const [censor] = planOf(lab('{ match: {}, action: drop }', 'in-path', more)).censors;
    expect(censor?.reassembly).to.include({ tcp: false, tlsRecord: false, quicCrypto: false });
    expect(censor?.checks).to.include({ checksum: true, hops: 0, window: true });
    expect([censor?.inside, censor?.onError]).to.deep.equal([['10.1.0.0/24'], 'drop']);
  });
});

describe('ListFiles', () => {
  const rules = (names: string): string =>
    lab(
      `{ match: { tls.sni: { file: ${names} } }, action: reset }, { match: { http.host: { file: ${names} } }, action: reset }`,
    );

  it('holds a file once, whatever names it, without comments and doubles', () => {
    const text = '# all\nB.example\nb.example  # again\n*.c.example\r\n';
    const plan = mustPlan(compileText(rules('names.txt'), { 'names.txt': text }));
    expect(plan.censors[0]?.lists).to.deep.equal([
      { file: 'names.txt', text: 'b.example\n*.c.example' },
    ]);
  });

  it('shows a bad line in the list itself', () => {
    const found = compileText(rules('names.txt'), { 'names.txt': 'a.example\n  no name\n' });
    expect(
      found.diagnostics.map(({ code, span }) => [code, span.file, span.line, span.column]),
    ).to.deep.equal([['S086', 'names.txt', 2, 3]]);
  });

  it('reads a million names in a few seconds', function () {
    this.timeout(20_000);
    const text = Array.from({ length: 1_000_000 }, (_, index) => `n${index}.example`).join('\n');
    const plan = mustPlan(compileText(rules('names.txt'), { 'names.txt': text }));
    expect(plan.censors[0]?.lists[0]?.text).to.equal(text);
  });
});

describe('resolveProgram()', () => {
  const program = (written: string): string => lab('').replace('rules: []', `program: ${written}`);

  it('runs a file by what its name or its first line says', () => {
    const files = { 'a.py': 'print(1)', 'b.sh': '#!/bin/sh\n' };
    const python = mustPlan(compileText(program('./a.py'), files)).censors[0]?.program;
    expect(python).to.deep.include({ argv: ['python3', 'a.py'], files: { 'a.py': 'print(1)' } });
    const shell = mustPlan(compileText(program('b.sh'), files)).censors[0]?.program;
    expect(shell?.argv).to.deep.equal(['b.sh']);
  });

  it('has TypeScript read by whoever can', () => {
    const readScript = (path: string, content: string): { ok: true; value: string } => ({
      ok: true,
      value: `${path}: ${content}`,
    });
    const { censors } = mustPlan(
      compileText(program('sub/c.ts'), { 'sub/c.ts': 'x' }, { readScript }),
    );
    expect(censors[0]?.program).to.deep.include({
      argv: ['netscenario-program', 'sub/c.mjs'],
      files: { 'sub/c.mjs': 'sub/c.ts: x' },
    });
    expect(placesOf(compileText(program('c.ts'), { 'c.ts': 'x' }))).to.deep.equal(['S089 5:46']);
  });
});
