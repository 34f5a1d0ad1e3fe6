// Derived routes: every node reaches every subnet over the fewest networks, those that bridges join being one. Of equal
// paths, the one whose router comes first in the file.
import { formatIp, formatPrefix } from '../../base/addresses.ts';
import type { PlanRoute } from '../../model/plan.ts';
import type { Member, Network, Node, Topology } from './topology.ts';

/** In a lab of more prefixes than this, a host behind its network's only router gets one default route instead. */
const MOST_PREFIXES = 64;

const FAMILIES = [4, 6] as const;
type Family = (typeof FAMILIES)[number];
const DEFAULT_PREFIX: Readonly<Record<Family, string>> = { 4: '0.0.0.0/0', 6: '::/0' };

/** The main table of each node, connected prefixes first. */
export function deriveRoutes(topology: Topology): ReadonlyMap<string, readonly PlanRoute[]> {
  const tables = new Map<string, PlanRoute[]>();
  for (const node of topology.nodes.values()) tables.set(node.name, connectedRoutes(node));
  for (const family of FAMILIES) addFarRoutes(topology, family, tables);
  return tables;
}

function addFarRoutes(
  topology: Topology,
  family: Family,
  tables: ReadonlyMap<string, PlanRoute[]>,
): void {
  const stubs = findStubs(topology, family);
  for (const [network, router] of stubs)
    for (const own of topology.segments.get(network)?.members ?? [])
      if (own.node !== router.router.node)
        tables.get(own.node)?.push(via(DEFAULT_PREFIX[family], { ...router, own }));
  const isBehindStub = (node: Node): boolean =>
    !node.forwarding && node.members.some((side) => stubs.has(side.segment));
  const nodes = [...topology.nodes.values()].filter(
    (node) => node.bridge === undefined && !isBehindStub(node),
  );
  const transit = transitSides(topology, stubs);
  const withDefault = new Set<Node>();
  for (const network of topology.segments.values()) {
    const prefixes = prefixesIn(network, family);
    if (prefixes.length === 0) continue;
    const hops = firstHops(topology, network, family, transit);
    for (const node of nodes) {
      const isOn = node.members.some((member) => member.segment === network.name);
      const hop = isOn ? undefined : bestHop(node, hops);
      const table = tables.get(node.name) ?? [];
      if (hop !== undefined) table.push(...prefixes.map((to) => via(to, hop)));
      // Where the machine's own packets go is not the lab's to say.
      if (!network.uplink || withDefault.has(node) || node.stack === 'machine') continue;
      const out =
        hop === undefined ? gatewayRoute(node, network, family) : via(DEFAULT_PREFIX[family], hop);
      if (out === undefined) continue;
      withDefault.add(node);
      table.push(out);
    }
  }
}

const prefixesIn = (network: Network, family: Family): string[] =>
  network.subnets.filter(({ address }) => address.family === family).map(formatPrefix);

/**
 * Networks with one router and otherwise hosts that are nowhere else: all that these need is a default route, which
 * keeps a lab of a thousand networks from having a million routes. None in small labs, where exact routes say more.
 */
function findStubs(topology: Topology, family: Family): ReadonlyMap<string, Hop> {
  const networks = [...topology.segments.values()];
  const stubs = new Map<string, Hop>();
  const prefixes = networks.reduce((sum, item) => sum + prefixesIn(item, family).length, 0);
  if (prefixes <= MOST_PREFIXES) return stubs;
  for (const { name, members, uplink } of networks) {
    const routers = members.filter(({ node }) => topology.nodes.get(node)?.forwarding === true);
    const [router] = routers;
    const address = router && addressIn(router, family);
    const isStub = members.every(
      (member) => member === router || hasNoWayButDefault(topology.nodes.get(member.node)),
    );
    if (!uplink && isStub && routers.length === 1 && router !== undefined && address !== undefined)
      stubs.set(name, { distance: 1, router, address });
  }
  return stubs;
}

/** The stack of a machine has a default route of its own, which stays. */
const hasNoWayButDefault = (node: Node | undefined): boolean =>
  node?.members.length === 1 && node.stack !== 'machine';

/** How to leave a network towards a destination: its nearest router. */
interface Hop {
  readonly distance: number;
  /** The router's side on the network that is left. */
  readonly router: Member;
  readonly address: string;
}

/** The sides of each router that lead on, not to a stub: a router may have a thousand that do not. */
function transitSides(
  topology: Topology,
  stubs: ReadonlyMap<string, Hop>,
): ReadonlyMap<string, readonly Member[]> {
  const routers = [...topology.nodes.values()].filter(({ forwarding }) => forwarding);
  return new Map(
    routers.map(({ name, members }) => [name, members.filter((side) => !stubs.has(side.segment))]),
  );
}

/** From each network that can reach `destination` by a router; breadth first. */
function firstHops(
  topology: Topology,
  destination: Network,
  family: Family,
  transit: ReadonlyMap<string, readonly Member[]>,
): Map<string, Hop> {
  const hops = new Map<string, Hop>();
  const queue: { readonly network: Network; readonly distance: number }[] = [
    { network: destination, distance: 0 },
  ];
  const passed = new Set<string>();
  for (let at = queue.shift(); at !== undefined; at = queue.shift())
    for (const member of at.network.members) {
      const sides = transit.get(member.node);
      if (sides === undefined || passed.has(member.node)) continue;
      if (addressIn(member, family) === undefined) continue;
      passed.add(member.node);
      for (const side of sides) {
        const address = addressIn(side, family);
        if (side.segment === destination.name || hops.has(side.segment) || address === undefined)
          continue;
        const network = topology.segments.get(side.segment);
        if (network === undefined) continue;
        hops.set(side.segment, { distance: at.distance + 1, router: side, address });
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
    const hop = hops.get(own.segment);
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
  const own = node.members.find((member) => member.segment === network.name);
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
