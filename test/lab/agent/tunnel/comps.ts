// CoMPS by hand: a client, three proxies that masquerade, an exit and a web server behind it; `wg0` over `wgnet1` to `wgnet3`.
// Either as we build it, or as its authors' `client/setup.sh` does.
import { LOCAL } from '../../../../src/model/machine.ts';
import type { Plan, PlanCapture, PlanRule, StepAction } from '../../../../src/model/plan.ts';
import type { Migration, PlanTunnel } from '../../../../src/model/tunnel.ts';
import { bareNode, toSteps } from '../../lab/plans.ts';

export const PATHS = ['wgnet1', 'wgnet2', 'wgnet3'] as const;
export const WEB = '10.0.9.2';
export const EXIT = '10.0.0.20';

const OVERLAY = 51_820;
const PATH = 51_821;
const ON_ITS_WAY = 51_822;
const LAST_METRIC = 4_278_198_272;
const PROXIES = ['proxy1', 'proxy2', 'proxy3'] as const;
const HOSTS = ['client', ...PROXIES, 'exit'] as const;
const NODES = [...HOSTS, 'web'] as const;
const OUTER: Readonly<Record<(typeof HOSTS)[number], string>> = {
  client: '10.0.0.1',
  proxy1: '10.0.0.11',
  proxy2: '10.0.0.12',
  proxy3: '10.0.0.13',
  exit: EXIT,
};

export const ROUND_ROBIN: Migration = {
  policy: 'round-robin',
  every: { kind: 'time', ms: 200 },
  weights: [],
  alpha: 1,
  batch: null,
  trace: null,
  table: PATH,
  family: 4,
  atStart: true,
};

export interface CompsWish {
  /** As `client/setup.sh` has it: an address for each path, no end to the tables, no mark on the way out. */
  readonly isDocumented: boolean;
  readonly migration: Migration;
  /** Whether the client's ends of the paths are captured. */
  readonly isCaptured?: true;
}

export function compsPlan({ isDocumented, migration, isCaptured }: CompsWish): Plan {
  const pathAddress = (index: number): string => `10.45.0.${isDocumented ? 5 + index : 5}/32`;
  const paths = PATHS.map((name, index) => pathTunnel(name, index, pathAddress(index)));
  const overlay = overlayTunnel(migration);
  const actions: StepAction[] = [
    ...NODES.map((node) => ({ kind: 'namespace', node }) as const),
    ...NODES.flatMap(sysctls),
    { kind: 'bridge', network: 'net', interface: 'net' },
    ...HOSTS.map(plug),
    {
      kind: 'veth',
      network: 'behind',
      left: { node: 'exit', interface: 'exit-behind', mac: '02:00:00:00:09:01' },
      right: { node: 'web', interface: 'web-behind', mac: '02:00:00:00:09:02' },
      mtu: 1500,
      offload: false,
    },
    ...HOSTS.map((node) => address(node, `${node}-net`, `${OUTER[node]}/24`)),
    address('exit', 'exit-behind', '10.0.9.1/24'),
    address('web', 'web-behind', `${WEB}/24`),
    // What the client can do without tunnels; and all that comes to the web server has been masqueraded.
    route('client', { to: '10.0.9.0/24', via: EXIT, interface: 'client-net', table: 'main' }),
    rule({ family: 4, priority: 100, fwmark: PATH, table: 'main' }),
    ...paths.flatMap((tunnel) => pathSteps(tunnel)),
    ...(isDocumented ? documentedTables() : closedTables()),
    {
      kind: 'leak-counter',
      node: 'client',
      leak: { tunnel: 'wg0', endpoint: { address: EXIT, port: 51_820 }, interfaces: PATHS },
    },
    { kind: 'tunnel', node: 'exit', tunnel: 'wg0', end: 'server' },
    { kind: 'tunnel', node: 'client', tunnel: 'wg0', end: 'client' },
    address('exit', 'wg0', '10.45.0.2/32'),
    address('client', 'wg0', '10.45.0.100/32'),
    route('exit', { to: '10.45.0.100/32', interface: 'wg0', table: 'main' }),
    route('client', { to: '0.0.0.0/0', interface: 'wg0', table: OVERLAY }),
    {
      kind: 'nat',
      node: 'exit',
      nat: { interface: 'exit-behind', from: '10.45.0.100/32', masquerade: true },
    },
  ];
  return {
    planVersion: 1,
    scenario: 'comps',
    description: '',
    seed: 1,
    params: {},
    control: false,
    machines: [LOCAL],
    names: [],
    networks: [],
    censors: [],
    services: [],
    flows: [],
    captures: isCaptured ? PATHS.map(captureOf) : [],
    expectations: [],
    nodes: NODES.map(bareNode),
    tunnels: [...paths, overlay],
    steps: toSteps(actions),
  };
}

const pathTunnel = (name: string, index: number, own: string): PlanTunnel => ({
  ...{ name, mtu: 1420, keepalive: 25, over: [], migration: null },
  client: {
    ...{ node: 'client', interface: name, addresses: [own], port: 51_821 + index, fwmark: PATH },
    endpoint: { address: `10.0.0.${11 + index}`, port: 51_820 },
    allowed: ['0.0.0.0/0'],
  },
  server: {
    ...{ node: `proxy${index + 1}`, interface: name, addresses: ['10.45.0.2/32'] },
    ...{ port: 51_820, fwmark: 0, endpoint: null, allowed: [own] },
  },
});

const overlayTunnel = (migration: Migration): PlanTunnel => ({
  ...{ name: 'wg0', mtu: 1360, keepalive: 25, over: PATHS, migration },
  client: {
    ...{ node: 'client', interface: 'wg0', addresses: ['10.45.0.100/32'], port: 51_820 },
    ...{ fwmark: OVERLAY, endpoint: { address: EXIT, port: 51_820 }, allowed: ['0.0.0.0/0'] },
  },
  server: {
    ...{ node: 'exit', interface: 'wg0', addresses: ['10.45.0.2/32'], port: 51_820, fwmark: 0 },
    ...{ endpoint: null, allowed: ['10.45.0.100/32'] },
  },
});

function pathSteps({ name, client, server }: PlanTunnel): StepAction[] {
  const [own = ''] = client.addresses;
  return [
    { kind: 'tunnel', node: server.node, tunnel: name, end: 'server' },
    { kind: 'tunnel', node: 'client', tunnel: name, end: 'client' },
    address(server.node, name, '10.45.0.2/32'),
    route(server.node, { to: own, interface: name, table: 'main' }),
    address('client', name, own),
    {
      kind: 'nat',
      node: server.node,
      nat: { interface: `${server.node}-net`, from: own, masquerade: true },
    },
  ];
}

/** CoMPS's tables, with an end to each, and its packets marked anew on their way. */
const closedTables = (): StepAction[] => [
  rule({ family: 4, priority: 101, fwmark: OVERLAY, table: PATH }),
  rule({ family: 4, priority: 101, fwmark: ON_ITS_WAY, table: PATH }),
  rule({ family: 4, priority: 102, not: true, fwmark: OVERLAY, mask: 0xffff_fffc, table: OVERLAY }),
  ...[OVERLAY, PATH].map((table): StepAction => ({
    kind: 'route',
    node: 'client',
    route: {
      ...{ to: '0.0.0.0/0', interface: 'lo', table },
      ...{ metric: LAST_METRIC, kind: 'unreachable' },
    },
  })),
  route('client', { to: '0.0.0.0/0', interface: PATHS[0], table: PATH }),
  {
    kind: 'remark',
    node: 'client',
    remark: { tunnel: 'wg0', family: 4, mark: OVERLAY, to: ON_ITS_WAY },
  },
];

const documentedTables = (): StepAction[] => [
  rule({ family: 4, priority: 101, fwmark: OVERLAY, table: PATH }),
  rule({ family: 4, priority: 102, not: true, fwmark: OVERLAY, table: OVERLAY }),
];

const captureOf = (path: string): PlanCapture => ({
  ...{ node: 'client', network: path, interface: path },
  ...{ file: `captures/client.${path}.pcap`, filter: '', snaplen: 128 },
});

const sysctls = (node: string): StepAction[] =>
  [
    ['net.ipv4.conf.all.rp_filter', '0'],
    ['net.ipv4.conf.default.rp_filter', '0'],
    ['net.ipv6.conf.all.disable_ipv6', '1'],
    ['net.ipv4.ip_forward', node === 'client' || node === 'web' ? '0' : '1'],
  ].map(([key = '', value = '']) => ({ kind: 'sysctl', node, key, value }));

const plug = (node: string, index: number): StepAction => ({
  kind: 'veth',
  network: 'net',
  left: { node, interface: `${node}-net`, mac: `02:00:00:00:00:0${index}` },
  right: { node: null, interface: `net-${index}`, mac: `02:01:00:00:00:0${index}`, master: 'net' },
  mtu: 1500,
  offload: false,
});

const address = (node: string, device: string, text: string): StepAction => ({
  kind: 'address',
  node,
  interface: device,
  address: text,
});

const rule = (planned: PlanRule): StepAction => ({ kind: 'rule', node: 'client', rule: planned });

const route = (
  node: string,
  way: {
    readonly to: string;
    readonly interface: string;
    readonly table: number | 'main';
    readonly via?: string;
  },
): StepAction => ({ kind: 'route', node, route: { ...way, kind: 'unicast' } });
