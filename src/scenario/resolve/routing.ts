// Derived routes: every node reaches every subnet over the fewest networks. Of equal paths, the one whose router
// comes first in the file.
import { formatIp, formatPrefix } from '../../base/addresses.ts';
import type { PlanRoute } from '../../model/plan.ts';
import type { Member, Network, Node, Topology } from './topology.ts';

/** Beyond this many prefixes behind its only router, a host that forwards nothing gets one default route instead. */
const MOST_PREFIXES = 64;

const FAMILIES = [4, 6] as const;
type Family = (typeof FAMILIES)[number];
const DEFAULT_PREFIX: Readonly<Record<Family, string>> = { 4: '0.0.0.0/0', 6: '::/0' };

/** The main table of each node, connected prefixes first. */
export function deriveRoutes(topology: Topology): ReadonlyMap<string, readonly PlanRoute[]> {
  const tables = new Map<string, PlanRoute[]>();
  for (const node of topology.nodes.values()) tables.set(node.name, connectedRoutes(node));
  const defaults = new Set<string>();
  for (const family of FAMILIES)
    for (const network of topology.networks.values()) {
      const prefixes = network.subnets.filter(({ address }) => address.family === family);
      if (prefixes.length === 0) continue;
      const hops = firstHops(topology, network, family);
      for (const node of topology.nodes.values()) {
        const table = tables.get(node.name);
        if (table === undefined) continue;
        const targets = prefixes.map(formatPrefix);
        const isOn = node.members.some((member) => member.network === network.name);
        const hop = isOn ? undefined : bestHop(node, hops);
        if (hop !== undefined) table.push(...targets.map((to) => via(to, hop)));
        const key = `${node.name}/${family}`;
        if (!network.uplink || defaults.has(key)) continue;
        const out =
          hop === undefined
            ? gatewayRoute(node, network, family)
            : via(DEFAULT_PREFIX[family], hop);
        if (out === undefined) continue;
        defaults.add(key);
        table.push(out);
      }
    }
  for (const node of topology.nodes.values())
    if (!node.forwarding) tables.set(node.name, summarize(tables.get(node.name) ?? []));
  return tables;
}

/** How to leave a network towards a destination: its nearest router. */
interface Hop {
  readonly distance: number;
  /** The router's side on the network that is left. */
  readonly router: Member;
  readonly address: string;
}

/** From each network that can reach `destination` by a router; breadth first. */
function firstHops(topology: Topology, destination: Network, family: Family): Map<string, Hop> {
  const hops = new Map<string, Hop>();
  const queue: { readonly network: Network; readonly distance: number }[] = [
    { network: destination, distance: 0 },
  ];
  const passed = new Set<string>();
  for (let at = queue.shift(); at !== undefined; at = queue.shift())
    for (const member of at.network.members) {
      const router = topology.nodes.get(member.node);
      if (router?.forwarding !== true || passed.has(router.name)) continue;
      if (addressIn(member, family) === undefined) continue;
      passed.add(router.name);
      for (const side of router.members) {
        const address = addressIn(side, family);
        if (side.network === destination.name || hops.has(side.network) || address === undefined)
          continue;
        const network = topology.networks.get(side.network);
        if (network === undefined) continue;
        hops.set(side.network, { distance: at.distance + 1, router: side, address });
        queue.push({ network, distance: at.distance + 1 });
      }
    }
  return hops;
}

/** Undefined for a node that cannot reach the destination. */
function bestHop(
  node: Node,
  hops: ReadonlyMap<string, Hop>,
): (Hop & { readonly own: Member }) | undefined {
  let best: (Hop & { readonly own: Member }) | undefined;
  for (const own of node.members) {
    const hop = hops.get(own.network);
    if (hop === undefined || hop.router.node === node.name) continue;
    if (best === undefined || hop.distance < best.distance) best = { ...hop, own };
  }
  return best;
}

const addressIn = (member: Member, family: Family): string | undefined =>
  member.addresses.find(({ address }) => address.family === family)?.text;

function connectedRoutes(node: Node): PlanRoute[] {
  return node.members.flatMap((member) =>
    [...new Set(member.addresses.map(({ subnet }) => formatPrefix(subnet)))].map(
      (to): PlanRoute => ({ to, interface: member.interface, table: 'main', kind: 'unicast' }),
    ),
  );
}

function via(to: string, hop: Hop & { readonly own: Member }): PlanRoute {
  return {
    to,
    via: hop.address,
    viaMac: hop.router.mac,
    interface: hop.own.interface,
    table: 'main',
    kind: 'unicast',
  };
}

/** A member's way out through the uplink's own end. */
function gatewayRoute(node: Node, network: Network, family: Family): PlanRoute | undefined {
  const own = node.members.find((member) => member.network === network.name);
  const gateway = network.gateway.find((address) => address.family === family);
  if (own === undefined || gateway === undefined) return undefined;
  return {
    to: DEFAULT_PREFIX[family],
    via: formatIp(gateway),
    interface: own.interface,
    table: 'main',
    kind: 'unicast',
  };
}

function summarize(routes: readonly PlanRoute[]): PlanRoute[] {
  const far = routes.filter((route) => route.via !== undefined);
  const [first] = far;
  if (first === undefined || far.length <= MOST_PREFIXES) return [...routes];
  const kept = routes.filter((route) => route.via === undefined);
  for (const family of FAMILIES) {
    const own = far.filter((route) => route.to.includes(':') === (family === 6));
    const hops = new Set(own.map((route) => route.via));
    const [any] = own;
    if (any === undefined) continue;
    if (hops.size > 1) kept.push(...own);
    else kept.push({ ...any, to: DEFAULT_PREFIX[family] });
  }
  return kept;
}
