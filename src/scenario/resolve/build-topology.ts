// The lab's shape from what is written, step by step.
import type { Context } from '../context.ts';
import { groupBy } from '../group.ts';
import { assignAddresses } from './addresses.ts';
import { nameInterfaces } from './interface-names.ts';
import { resolveMembers } from './members.ts';
import { resolveSegments } from './segments.ts';
import { resolveSubnets } from './subnets.ts';
import type { Member, Network, Node, Topology } from './topology.ts';

export function resolveTopology(context: Context): Topology {
  const drafts = resolveMembers(context);
  const segments = resolveSegments(context, drafts);
  const subnets = resolveSubnets(context, drafts, segments);
  const { addresses, gateways } = assignAddresses(context, drafts, subnets);
  const interfaceNames = new Set<string>();
  const named = nameInterfaces(drafts, interfaceNames);
  const members = drafts.map((draft, index): Member => {
    const { node, network, path, mtu, offload, impairment } = draft;
    const identity = named[index] ?? { name: '', mac: '' };
    return {
      node,
      network,
      segment: segments.get(network) ?? network,
      path,
      interface: identity.name,
      mac: identity.mac,
      mtu,
      offload,
      addresses: addresses[index] ?? [],
      ...(impairment === undefined ? {} : { impairment }),
    };
  });
  const byNode = groupBy(members, (member) => member.node);
  const byNetwork = groupBy(members, (member) => member.network);
  const nodes = new Map<string, Node>();
  for (const { name, kind, path, stack, forwarding, bridge } of context.nodes.values()) {
    const own = byNode.get(name) ?? [];
    nodes.set(name, {
      name,
      kind,
      path,
      stack,
      forwarding:
        bridge === undefined &&
        (forwarding ?? new Set(own.map((member) => member.network)).size > 1),
      bridge,
      members: own,
    });
  }
  const networks = new Map<string, Network>();
  for (const [name, network] of Object.entries(context.scenario.networks ?? {}))
    networks.set(name, {
      name,
      segment: segments.get(name) ?? name,
      path: ['networks', name],
      mtu: network.mtu ?? 1500,
      isolated: network.isolated ?? network.uplink !== true,
      uplink: network.uplink ?? false,
      subnets: subnets.get(name) ?? [],
      members: byNetwork.get(name) ?? [],
      gateway: gateways.get(name) ?? [],
    });
  return { nodes, networks, segments: joinNetworks(networks, nodes), interfaceNames };
}

function joinNetworks(
  networks: ReadonlyMap<string, Network>,
  nodes: ReadonlyMap<string, Node>,
): ReadonlyMap<string, Network> {
  const joined = new Map<string, Network>();
  for (const [name, parts] of groupBy(networks.values(), ({ segment }) => segment)) {
    const [first] = parts;
    if (first === undefined) continue;
    const members = parts.flatMap((part) => part.members);
    joined.set(name, {
      ...first,
      uplink: parts.some(({ uplink }) => uplink),
      gateway: parts.flatMap(({ gateway }) => gateway),
      members: members.filter(({ node }) => nodes.get(node)?.bridge === undefined),
    });
  }
  return joined;
}
