// The lab's shape from what is written, step by step.
import type { Context } from '../context.ts';
import { groupBy } from '../group.ts';
import { assignAddresses } from './addresses.ts';
import type { Machines } from './machines.ts';
import { nameInterfaces } from './interface-names.ts';
import { type MemberDraft, resolveMembers } from './members.ts';
import { resolveSegments } from './segments.ts';
import { resolveSubnets } from './subnets.ts';
import type { Member, Network, Node, Topology } from './topology.ts';

export function resolveTopology(context: Context, machines: Machines): Topology {
  const drafts = resolveMembers(context);
  const segments = resolveSegments(context, drafts);
  const subnets = resolveSubnets(context, drafts, segments, machines);
  const { addresses, gateways } = assignAddresses(context, drafts, subnets);
  const mtuOf = defaultMtus(drafts, segments, machines);
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
      mtu: mtu ?? mtuOf(network),
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
      machine: machines.of(name),
      stack,
      // What passes through the stack of a machine is not the lab's to say.
      forwarding:
        stack !== 'machine' &&
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
      mtu: network.mtu ?? mtuOf(name),
      isolated: network.isolated ?? network.uplink !== true,
      uplink: network.uplink ?? false,
      bridge: network.bridge,
      subnets: subnets.get(name) ?? [],
      members: byNetwork.get(name) ?? [],
      machines: machinesOf(byNetwork.get(name) ?? [], machines),
      gateway: gateways.get(name) ?? [],
    });
  return { nodes, networks, segments: joinNetworks(networks, nodes), interfaceNames };
}

const machinesOf = (
  members: readonly { readonly node: string }[],
  machines: Machines,
): readonly string[] => [...new Set(members.map(({ node }) => machines.of(node)))];

/** Ethernet's own. */
const MTU = 1500;
/** Less the headers of VXLAN over IPv6: 14 (inner Ethernet) + 8 (VXLAN) + 8 (UDP) + 40 (IPv6). RFC 7348 section 5. */
const MTU_IN_VXLAN = MTU - 70;
/** Less those of WireGuard over IPv6 as well: 40 (IPv6) + 8 (UDP) + 32 (WireGuard), in all 150. */
const MTU_IN_WIREGUARD = MTU_IN_VXLAN - 80;

/** What bridges join has one MTU, which is that of its narrowest part. */
function defaultMtus(
  drafts: readonly MemberDraft[],
  segments: ReadonlyMap<string, string>,
  machines: Machines,
): (network: string) => number {
  const far = new Set<string>();
  for (const [network, members] of groupBy(drafts, (draft) => draft.network))
    if (machinesOf(members, machines).length > 1) far.add(segments.get(network) ?? network);
  return (network) => {
    if (!far.has(segments.get(network) ?? network)) return MTU;
    return machines.isEncrypted ? MTU_IN_WIREGUARD : MTU_IN_VXLAN;
  };
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
      machines: [...new Set(parts.flatMap((part) => part.machines))],
      members: members.filter(({ node }) => nodes.get(node)?.bridge === undefined),
    });
  }
  return joined;
}
