// What makes tunnels. Of each: the rules and tables first, so that nothing of it ever leaves by another way; then its ends; then their
// addresses, and what goes by it. Those that carry others come before them.
import { masqueradesOfServer } from '../../model/masquerades.ts';
import type { PlanNode, PlanRule, Step } from '../../model/plan.ts';
import type { PlanTunnel, PlanTunnelEnd } from '../../model/tunnel.ts';
import { GROUP_MASK, ON_ITS_WAY } from '../resolve/tunnel/marks.ts';
import type { ResolvedTunnel } from '../resolve/tunnel/tunnels.ts';
import { TunnelStepMaker } from './tunnel-step-maker.ts';

/** Before the rules that a scenario writes; behind those of connections that are diverted. */
const MARKED = 100;
export const UNMARKED = 200;

export function tunnelSteps(
  nodes: readonly PlanNode[],
  tunnels: readonly ResolvedTunnel[],
): Step[] {
  return tunnels.flatMap((resolved) => {
    const { tunnel } = resolved;
    const client = nodes.find(({ name }) => name === tunnel.client.node);
    const server = nodes.find(({ name }) => name === tunnel.server.node);
    if (client === undefined || server === undefined) return [];
    const onClient = new TunnelStepMaker(tunnel.name, client);
    const onServer = new TunnelStepMaker(tunnel.name, server);
    return [
      ...fences(onClient, resolved, tunnels),
      ...passage(onClient, tunnel),
      // The one that answers before the one that asks.
      onServer.end(tunnel, 'server'),
      onClient.end(tunnel, 'client'),
      ...inhabit(onServer, tunnel.server, tunnel.client),
      ...inhabit(onClient, tunnel.client, tunnel.server),
      ...resolved.routed.map((to) =>
        onClient.route({ to, interface: tunnel.client.interface, table: resolved.table }),
      ),
      ...masqueradesOfServer(server, tunnel).map((nat) => onServer.nat(nat)),
    ];
  });
}

/** Rules that tell a tunnel's packets from those that go by it, and the ends of both tables. */
function fences(
  steps: TunnelStepMaker,
  { tunnel, routed, table, closed }: ResolvedTunnel,
  all: readonly ResolvedTunnel[],
): Step[] {
  const { fwmark, endpoint } = tunnel.client;
  const family = endpoint?.address.includes(':') === true ? 6 : 4;
  const own = { family, priority: MARKED } as const;
  const outer: PlanRule[] = [];
  if (tunnel.over.length > 0)
    outer.push(
      { ...own, fwmark, table: table + 1 },
      { ...own, fwmark: fwmark + ON_ITS_WAY, table: table + 1 },
    );
  else if (fwmark !== 0 && isFirstOf(tunnel, family, all))
    outer.push({ ...own, fwmark, table: 'main' });
  const isAll = routed.some((to) => to.endsWith('/0'));
  const inner = closed.map((version): PlanRule => ({
    family: version,
    // What is for some prefixes alone comes before what is for all.
    priority: isAll ? UNMARKED + 1 : UNMARKED,
    not: true,
    fwmark: table,
    mask: GROUP_MASK,
    table,
  }));
  const ends = closed.flatMap((version) => {
    const prefixes = routed.filter((to) => to.includes(':') === (version === 6));
    return prefixes.length === 0 ? [defaultOf(version)] : prefixes;
  });
  return [
    ...[...outer, ...inner].map((rule) => steps.rule(rule)),
    ...ends.map((to) => steps.unreachable(to, table)),
    ...(tunnel.over.length === 0
      ? []
      : [
          steps.unreachable(defaultOf(family), table + 1),
          steps.route({ to: defaultOf(family), interface: tunnel.over[0] ?? '', table: table + 1 }),
        ]),
  ];
}

/** The carriers of one tunnel have one mark and need one rule a family. */
function isFirstOf(
  { name, client }: PlanTunnel,
  family: 4 | 6,
  all: readonly ResolvedTunnel[],
): boolean {
  const first = all.find(({ tunnel }) => {
    const { node, fwmark, endpoint } = tunnel.client;
    const isSame = endpoint?.address.includes(':') === (family === 6);
    return node === client.node && fwmark === client.fwmark && isSame;
  });
  return first?.tunnel.name === name;
}

export const defaultOf = (family: 4 | 6): string => (family === 6 ? '::/0' : '0.0.0.0/0');

/** What has a nested tunnel's packets leave by the tunnel in force, and counts those that do not. */
function passage(steps: TunnelStepMaker, { name, client, over }: PlanTunnel): Step[] {
  const { endpoint, fwmark } = client;
  if (over.length === 0 || endpoint === null) return [];
  const family = endpoint.address.includes(':') ? 6 : 4;
  const to = fwmark + ON_ITS_WAY;
  const match = `${family === 6 ? 'ip6' : 'ip'} daddr ${endpoint.address} udp dport ${endpoint.port}`;
  return [
    steps.inside(
      'remark',
      { kind: 'remark', node: client.node, remark: { tunnel: name, family, mark: fwmark, to } },
      `nft '${REMARK_CHAIN}; add rule inet runner remark meta nfproto ipv${family} meta mark ${fwmark} meta mark set ${to}'`,
    ),
    steps.inside(
      'leaks',
      {
        kind: 'leak-counter',
        node: client.node,
        leak: { tunnel: name, endpoint, interfaces: over },
      },
      `nft add rule inet runner tunnels-out ${match} oifname != { ${over.join(', ')} } counter`,
    ),
  ];
}

/** Of type `route`: the kernel looks up anew how a packet leaves when its mark has changed there. */
const REMARK_CHAIN =
  'add table inet runner; add chain inet runner remark { type route hook output priority mangle; }';

/** Addresses of an end, and the way to those of the other. */
const inhabit = (steps: TunnelStepMaker, own: PlanTunnelEnd, other: PlanTunnelEnd): Step[] => [
  ...own.addresses.map((address) => steps.address(own.interface, address)),
  ...other.addresses.map((to) => steps.route({ to, interface: own.interface, table: 'main' })),
];
