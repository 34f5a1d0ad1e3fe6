// A censor with every field and every action: the compiler checks that none is missing.
import type { Random } from '../../src/base/random.ts';
import type {
  CensorAction,
  CensorActionKind,
  NumberSource,
  ResetAction,
  TamperEdit,
} from '../../src/model/censor-action.ts';
import type { CensorRule, CensorSpec, Residual } from '../../src/model/censor.ts';
import type { Match, MatchCondition, NumberField } from '../../src/model/censor-match.ts';
import { AS_TRIGGER } from '../../src/model/censor-defaults.ts';
import { pick } from './corpus.ts';

type Field = MatchCondition['field'];

const names = ['blocked.example', '*.blocked.example', '*lock*'];
const prefixes = ['10.0.0.0/8', 'fd00::/16', '10.0.0.101'];

const number = (field: NumberField, low: number | null, high: number | null): MatchCondition => ({
  field,
  ranges: [
    [low, high],
    [7, 7],
  ],
});

const CONDITIONS: Readonly<Record<Field, MatchCondition>> = {
  'ip.src': { field: 'ip.src', prefixes },
  'ip.dst': { field: 'ip.dst', prefixes },
  'ip.addr': { field: 'ip.addr', prefixes },
  'ip.version': number('ip.version', 4, 4),
  'ip.proto': number('ip.proto', 6, 17),
  'ip.ttl': number('ip.ttl', null, 5),
  'ip.id': number('ip.id', 100, 60_000),
  'ip.length': number('ip.length', 100, null),
  'ip.dscp': number('ip.dscp', 0, 8),
  'tcp.srcport': number('tcp.srcport', 40_000, 40_003),
  'tcp.dstport': number('tcp.dstport', 443, 443),
  'tcp.port': number('tcp.port', 80, 443),
  'tcp.seq': number('tcp.seq', 0, 2 ** 31),
  'tcp.ack': number('tcp.ack', 0, 2 ** 31),
  'tcp.window': number('tcp.window', 0, 1000),
  'tcp.length': number('tcp.length', 1, 100),
  'tcp.headerLength': number('tcp.headerLength', 24, 60),
  'tcp.urgent': number('tcp.urgent', 1, null),
  'udp.srcport': number('udp.srcport', 40_000, 40_003),
  'udp.dstport': number('udp.dstport', 53, 443),
  'udp.port': number('udp.port', 53, 53),
  'udp.length': number('udp.length', 40, null),
  'icmp.type': number('icmp.type', 0, 8),
  'icmp.code': number('icmp.code', 0, 3),
  'dns.qtype': number('dns.qtype', 28, 28),
  'dns.qdcount': number('dns.qdcount', 2, null),
  'tls.version': number('tls.version', 0x0303, 0x0304),
  'tls.extension': number('tls.extension', 0xfe0d, 0xffce),
  'quic.version': number('quic.version', 1, 1),
  'payload.length': number('payload.length', 200, null),
  'payload.entropy': number('payload.entropy', 7, null),
  'payload.popcount': number('payload.popcount', 3.4, 4.6),
  'payload.printable': number('payload.printable', 0.5, null),
  'payload.printableRun': number('payload.printableRun', 20, null),
  'payload.printablePrefix': number('payload.printablePrefix', 6, null),
  'flow.packets': number('flow.packets', 3, 10),
  'flow.bytes': number('flow.bytes', 500, null),
  'flow.data': number('flow.data', 1, 2),
  'flow.age': number('flow.age', null, 1000),
  'tcp.flags': { field: 'tcp.flags', set: ['SYN'], clear: ['RST'] },
  'dns.qname': { field: 'dns.qname', names, list: 0 },
  'http.host': { field: 'http.host', names, list: 0 },
  'tls.sni': { field: 'tls.sni', names, list: 0 },
  'quic.sni': { field: 'quic.sni', names, list: 0 },
  'http.method': { field: 'http.method', patterns: ['GET', 'P*'] },
  'http.path': { field: 'http.path', patterns: ['*ultrasurf*'] },
  'http.version': { field: 'http.version', patterns: ['1.1'] },
  'http.header': { field: 'http.header', patterns: ['Host: *'] },
  'tls.alpn': { field: 'tls.alpn', patterns: ['h2'] },
  'quic.alpn': { field: 'quic.alpn', patterns: ['h3*'] },
  'tls.ja4': { field: 'tls.ja4', patterns: ['t13*'] },
  'quic.ja4': { field: 'quic.ja4', patterns: ['q13*'] },
  'ssh.version': { field: 'ssh.version', patterns: ['*OpenSSH*'] },
  'ssh.kex': { field: 'ssh.kex', patterns: ['curve*'] },
  'ip.fragment': { field: 'ip.fragment', value: true },
  'ip.df': { field: 'ip.df', value: true },
  'ip.options': { field: 'ip.options', value: true },
  'tcp.options': { field: 'tcp.options', value: true },
  'http.canonical': { field: 'http.canonical', value: false },
  'tls.ech': { field: 'tls.ech', value: true },
  'tls.esni': { field: 'tls.esni', value: true },
  'quic.ech': { field: 'quic.ech', value: true },
  'payload.bytes': { field: 'payload.bytes', values: ['160301', '47455420'], at: null },
  'payload.regex': { field: 'payload.regex', source: '^[A-Z]{3,7} /', flags: '' },
  'http.regex': { field: 'http.regex', source: 'blocked', flags: 'i' },
  ports: { field: 'ports', order: '>' },
  share: { field: 'share', of: ['client', 'serverPort'], share: 0.5 },
  'payload.protocol': { field: 'payload.protocol', words: ['unknown', 'quic'] },
  'flow.side': { field: 'flow.side', words: ['server'] },
  'flow.origin': { field: 'flow.origin', words: ['inside'] },
  // No model is given: the condition is never known.
  model: {
    field: 'model',
    model: 0,
    features: [{ field: 'payload.entropy' }, { bytes: 16 }],
    output: 0,
    ranges: [[0.5, null]],
  },
};

const SOURCES: readonly NumberSource[] = [
  AS_TRIGGER,
  { from: 'fixed', value: 64 },
  { from: 'random', low: 30, high: 60 },
  { from: 'cycle', values: [1, 2, 3] },
  { from: 'counter', start: 65_530 },
];

const EDITS: Readonly<Record<TamperEdit['edit'], TamperEdit>> = {
  replace: { edit: 'replace', find: '626c6f636b6564', with: '66696e65' },
  'http-header': { edit: 'http-header', name: 'Host', value: 'another.example' },
  'tls-strip': { edit: 'tls-strip', extension: 16 },
  'tls-sni': { edit: 'tls-sni', name: 'another.example' },
  field: { edit: 'field', field: 'tcp.window', value: 1 },
  'tcp-strip': { edit: 'tcp-strip', option: 8 },
};

function actions(random: Random): Readonly<Record<CensorActionKind, CensorAction>> {
  const ttl = pick(random, SOURCES);
  const direction = pick(random, ['both', 'forward', 'reverse'] as const);
  const scope = pick(random, ['packet', 'flow'] as const);
  const dropTrigger = random.below(2) === 0;
  const reset: ResetAction = {
    kind: 'reset',
    mode: pick(random, ['inject', 'rewrite']),
    direction,
    sides: pick(random, ['both', 'client', 'server']),
    count: 1 + random.below(3),
    flags: ['RST', 'ACK'],
    offsets: [0, 1460],
    ttl,
    window: ttl,
    ipId: ttl,
    payload: 'cafe',
    delay: random.below(5),
    gap: 1,
    repeat: true,
    dropTrigger,
  };
  return {
    allow: { kind: 'allow' },
    drop: {
      kind: 'drop',
      direction,
      scope,
      after: pick(random, [
        null,
        { packets: [1, 3], bytes: null },
        { packets: null, bytes: [100, 2000] },
      ]),
    },
    reset,
    dns: {
      kind: 'dns',
      pool: ['10.9.9.9', 'fd99::1'],
      cname: pick(random, [null, 'alias.example']),
      rcode: pick(random, ['NOERROR', 'NXDOMAIN']),
      recordTtl: { from: 'fixed', value: 300 },
      ttl,
      ipId: ttl,
      dontFragment: true,
      delay: [0, 3],
      count: 2,
      authoritative: false,
      recursionAvailable: true,
      dropTrigger,
    },
    blockpage: {
      kind: 'blockpage',
      version: '1.1',
      status: 403,
      reason: 'Forbidden',
      headers: [['Server', 'censor']],
      body: 'Blocked'.repeat(random.below(400)),
      flags: ['FIN', 'PSH', 'ACK'],
      ttl,
      window: ttl,
      ipId: ttl,
      teardown: pick(random, [null, { ...reset, mode: 'inject' as const }]),
      dropTrigger,
    },
    throttle: {
      kind: 'throttle',
      mode: pick(random, ['police', 'shape']),
      rate: 100_000,
      burst: 3000,
      direction,
      per: pick(random, ['flow', 'rule']),
    },
    redirect: { kind: 'redirect', to: ['10.0.0.200', 'fd00::200'], port: 8443 },
    delay: { kind: 'delay', by: [1, 20], direction, scope },
    lose: { kind: 'lose', share: 0.5, direction, scope },
    tamper: {
      kind: 'tamper',
      edits: Object.values(EDITS).filter(() => random.below(3) > 0),
      direction,
      scope,
    },
    mitm: { kind: 'mitm', authority: 'own', log: true },
  };
}

/** Every field in a rule of its own and in trees, every action, with chance, delay and residual blocks. */
export function everyRule(random: Random): CensorSpec {
  const rules = Object.values(CONDITIONS).map((condition, index): CensorRule => {
    const match = tree(random, condition);
    const choice = Object.values(actions(random));
    const { first, engageAfter } = limits(random);
    const residual = random.below(4) === 0 ? residualOf(random) : undefined;
    return {
      name: `rule ${index}`,
      match,
      actions: Array.from({ length: 1 + random.below(3) }, () => pick(random, choice)),
      probability: pick(random, [0.05, 0.2, 1]),
      first,
      engageAfter,
      ...(residual && { residual }),
    };
  });
  // In another order each time, or the first would decide everything.
  const order = rules.map((rule) => [random.next(), rule] as const).toSorted(([a], [b]) => a - b);
  return { ...switches(random), rules: order.map(([, rule]) => rule), models: [] };
}

function tree(random: Random, condition: MatchCondition): Match {
  const other = pick(random, Object.values(CONDITIONS));
  return pick<Match>(random, [
    { all: [condition] },
    { all: [condition, other] },
    { any: [condition, { not: other }] },
    { all: [{ not: condition }, { any: [other, condition] }] },
  ]);
}

const limits = (random: Random): Pick<CensorRule, 'first' | 'engageAfter'> => ({
  first: pick(random, [null, null, { packets: 3, bytes: null }, { packets: 5, bytes: 2000 }]),
  engageAfter: pick(random, [
    { low: 0, high: 0 },
    { low: 1, high: 50 },
  ]),
});

function residualOf(random: Random): Residual {
  const choice = Object.values(actions(random));
  return {
    key: pick(random, ['1-tuple', '2-tuple', '3-tuple', '4-tuple']),
    for: { low: 10, high: 1000 },
    refresh: random.below(2) === 0,
    existing: random.below(2) === 0,
    actions: pick(random, [
      [],
      [pick(random, choice)],
      [pick(random, choice), pick(random, choice)],
    ]),
    probability: pick(random, [0.5, 1]),
  };
}

function switches(random: Random): Omit<CensorSpec, 'rules' | 'models'> {
  const flip = (): boolean => random.below(2) === 0;
  const events = ['SYN', 'SYN+ACK', 'RST', 'FIN', 'ACK'] as const;
  return {
    onError: pick(random, ['pass', 'drop']),
    inside: pick(random, [[], ['10.0.0.0/28', 'fd00::/124']]),
    state: {
      createOn: pick(random, [['SYN', 'SYN+ACK', 'data'], ['SYN'], ['SYN+ACK', 'data']]),
      handshake: random.below(4) === 0,
      resyncOn: events.filter(flip),
      teardownOn: (['RST', 'FIN'] as const).filter(flip),
      control: pick(random, ['addresses', 'ports', 'sequence']),
      resyncProbability: pick(random, [0.5, 1]),
      timeouts: { syn: 100, established: 1000, closing: 200, udp: 300, other: 100 },
      capacity: pick(random, [4, 64, 65_536]),
      whenFull: pick(random, ['evict', 'pass', 'drop']),
    },
    reassembly: {
      tcp: random.below(4) > 0,
      tlsRecord: flip(),
      ipFragment: flip(),
      quicCrypto: flip(),
      overlap: pick(random, ['first', 'last']),
      buffer: pick(random, [1024, 65_536]),
      fragments: pick(random, [3, 45]),
    },
    checks: {
      checksum: flip(),
      hops: pick(random, [0, 0, 4]),
      md5: flip(),
      ack: flip(),
      window: flip(),
      timestamp: flip(),
      inOrder: flip(),
    },
    lists: [
      { file: 'names.txt', text: '# names\nlisted.example\n*.listed.example\nblocked.example\n' },
    ],
  };
}
