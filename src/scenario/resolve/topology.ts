// The lab's shape: nodes, networks and where they meet. Built in order by the functions of this folder.
import type { IpAddress, IpPrefix } from '../../base/addresses.ts';
import type { Impairment } from '../../model/plan.ts';
import type { Context } from '../context.ts';
import { groupBy } from '../group.ts';
import type { Path } from '../source/tree.ts';
import { assignAddresses } from './addresses.ts';
import { nameInterfaces } from './interface-names.ts';
import { resolveMembers } from './members.ts';
import { resolveSubnets } from './subnets.ts';

export interface Topology {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly networks: ReadonlyMap<string, Network>;
  /** Interface names taken anywhere in the lab; ports and bridges must not be among them. */
  readonly interfaceNames: Set<string>;
}

export interface Node {
  readonly name: string;
  readonly path: Path;
  readonly stack: 'namespace' | 'machine';
  readonly forwarding: boolean;
  /** In the order of the networks. */
  readonly members: readonly Member[];
}

export interface Network {
  readonly name: string;
  readonly path: Path;
  readonly mtu: number;
  readonly isolated: boolean;
  readonly uplink: boolean;
  readonly subnets: readonly IpPrefix[];
  readonly members: readonly Member[];
  /** With `uplink`: the machine's own addresses on it, to which default routes lead. */
  readonly gateway: readonly IpAddress[];
}

/** A node on a network. */
export interface Member {
  readonly node: string;
  readonly network: string;
  /** Where the file names it. */
  readonly path: Path;
  readonly interface: string;
  readonly mac: string;
  readonly mtu: number;
  readonly offload: boolean;
  readonly addresses: readonly MemberAddress[];
  readonly impairment?: Impairment;
}

export interface MemberAddress {
  readonly address: IpAddress;
  /** Without prefix length. */
  readonly text: string;
  readonly subnet: IpPrefix;
}

export function resolveTopology(context: Context): Topology {
  const drafts = resolveMembers(context);
  const subnets = resolveSubnets(context, drafts);
  const { addresses, gateways } = assignAddresses(context, drafts, subnets);
  const interfaceNames = new Set<string>();
  const named = nameInterfaces(drafts, interfaceNames);
  const members = drafts.map((draft, index): Member => {
    const { node, network, path, mtu, offload, impairment } = draft;
    const identity = named[index] ?? { name: '', mac: '' };
    return {
      node,
      network,
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
  for (const [name, host] of Object.entries(context.scenario.hosts)) {
    const own = byNode.get(name) ?? [];
    nodes.set(name, {
      name,
      path: ['hosts', name],
      stack: host.network === 'machine' ? 'machine' : 'namespace',
      forwarding: host.forwarding ?? new Set(own.map((member) => member.network)).size > 1,
      members: own,
    });
  }
  const networks = new Map<string, Network>();
  for (const [name, network] of Object.entries(context.scenario.networks ?? {}))
    networks.set(name, {
      name,
      path: ['networks', name],
      mtu: network.mtu ?? 1500,
      isolated: network.isolated ?? network.uplink !== true,
      uplink: network.uplink ?? false,
      subnets: subnets.get(name) ?? [],
      members: byNetwork.get(name) ?? [],
      gateway: gateways.get(name) ?? [],
    });
  return { nodes, networks, interfaceNames };
}
