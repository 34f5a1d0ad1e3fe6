import { DEFAULT_CENSOR } from '../../../src/model/censor-defaults.ts';
import { LOCAL } from '../../../src/model/machine.ts';
import type {
  Impairment,
  Plan,
  PlanNetwork,
  PlanNode,
  PlanRoute,
} from '../../../src/model/plan.ts';
import type { Flow } from '../../../src/model/traffic.ts';

/** Captures along the way from client to server. */
export const PLACES = [
  'client.inside',
  'middle.inside',
  'middle.outside',
  'server.outside',
] as const;
export type Place = (typeof PLACES)[number];

const ADDRESSES = {
  4: { client: '10.10.1.1', near: '10.10.1.2', far: '10.10.2.1', server: '10.10.2.2' },
  6: { client: 'fd00:1::1', near: 'fd00:1::2', far: 'fd00:2::1', server: 'fd00:2::2' },
} as const;

export const addressesOf = (family: 4 | 6): (typeof ADDRESSES)[4 | 6] => ADDRESSES[family];

export const MAC = '02:00:00:00:00:01';

const both = (which: keyof (typeof ADDRESSES)[4]): string[] => [
  `${ADDRESSES[4][which]}/24`,
  `${ADDRESSES[6][which]}/64`,
];

export function planNode(
  name: string,
  interfaces: readonly { readonly network: string; readonly addresses: readonly string[] }[],
  routes: readonly PlanRoute[] = [],
): PlanNode {
  return {
    name,
    kind: 'host',
    machine: 'local',
    stack: 'namespace',
    forwarding: interfaces.length > 1,
    path: 'kernel',
    interfaces: interfaces.map(({ network, addresses }) => ({
      name: `${name}-${network}`,
      network,
      mac: MAC,
      mtu: 1500,
      addresses,
      offload: false,
    })),
    routes,
    rules: [],
    nat: [],
    names: [],
    resolvers: [],
  };
}

export const route = (to: string, out: string, via?: string): PlanRoute => ({
  to,
  ...(via === undefined ? {} : { via, viaMac: MAC }),
  interface: out,
  table: 'main',
  kind: 'unicast',
});

export function planNetwork(
  name: string,
  members: readonly PlanNode[],
  impairments: Readonly<Record<string, Impairment>> = {},
): PlanNetwork {
  return {
    name,
    kind: 'veth',
    subnets: [],
    mtu: 1500,
    isolated: true,
    uplink: false,
    gateway: [],
    members: members.flatMap((node) => {
      const own = node.interfaces.find(({ network }) => network === name);
      const impairment = impairments[node.name];
      if (!own) return [];
      return [
        {
          node: node.name,
          interface: own.name,
          mac: MAC,
          addresses: own.addresses,
          ...(impairment ? { impairment } : {}),
        },
      ];
    }),
  };
}

const client = planNode(
  'client',
  [{ network: 'inside', addresses: both('client') }],
  [
    route('10.10.1.0/24', 'client-inside'),
    route('0.0.0.0/0', 'client-inside', '10.10.1.2'),
    route('fd00:1::/64', 'client-inside'),
    route('::/0', 'client-inside', 'fd00:1::2'),
  ],
);
const middle = planNode(
  'middle',
  [
    { network: 'inside', addresses: both('near') },
    { network: 'outside', addresses: both('far') },
  ],
  [
    route('10.10.1.0/24', 'middle-inside'),
    route('10.10.2.0/24', 'middle-outside'),
    route('fd00:1::/64', 'middle-inside'),
    route('fd00:2::/64', 'middle-outside'),
  ],
);
const server = planNode(
  'server',
  [{ network: 'outside', addresses: both('server') }],
  [
    route('10.10.2.0/24', 'server-outside'),
    route('10.10.1.0/24', 'server-outside', '10.10.2.1'),
    route('fd00:2::/64', 'server-outside'),
    route('fd00:1::/64', 'server-outside', 'fd00:2::1'),
  ],
);

export const NODES: Readonly<Record<'client' | 'middle' | 'server', PlanNode>> = {
  client,
  middle,
  server,
};

export const CENSOR: Plan['censors'][number] = {
  name: 'censor',
  on: 'middle',
  position: 'in-path',
  ...DEFAULT_CENSOR,
  rules: [],
};

const once: Flow['schedule'] = {
  at: 0,
  after: [],
  repeat: 1,
  pace: null,
  for: null,
  concurrency: 1,
};

/** A TLS probe of the server, unless another probe is given. */
export const planFlow = (name = 'flow', probe?: Flow['probe']): Flow => ({
  name,
  from: 'client',
  schedule: once,
  probe: probe ?? {
    kind: 'tls',
    target: { host: 'server', address: ADDRESSES[4].server, port: 443 },
    sni: '',
    alpn: [],
    get: null,
    verify: true,
    timeout: 1000,
  },
});

/** client - inside - middle (with a censor) - outside - server, with one flow. */
export const lineOfThree = (changes: Partial<Plan> = {}): Plan => ({
  planVersion: 1,
  scenario: 'line',
  description: '',
  seed: 1,
  params: {},
  control: false,
  machines: [LOCAL],
  names: [],
  nodes: [client, middle, server],
  networks: [planNetwork('inside', [client, middle]), planNetwork('outside', [middle, server])],
  censors: [CENSOR],
  services: [],
  flows: [planFlow()],
  captures: [],
  expectations: [],
  steps: [],
  ...changes,
});
