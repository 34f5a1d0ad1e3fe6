// The lab's shape: nodes, networks and where they meet.
import type { IpAddress, IpPrefix } from '../../base/addresses.ts';
import type { Impairment, PlanBridge, PlanNode } from '../../model/plan.ts';
import type { Path } from '../source/tree.ts';

export interface Topology {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly networks: ReadonlyMap<string, Network>;
  /**
   * Networks as hosts see them, by segment: those that bridge nodes join are one, under the name of the first. Bridge nodes
   * are not among the members.
   */
  readonly segments: ReadonlyMap<string, Network>;
  /** Interface names taken anywhere in the lab; ports and bridges must not be among them. */
  readonly interfaceNames: Set<string>;
}

export interface Node {
  readonly name: string;
  readonly kind: PlanNode['kind'];
  readonly path: Path;
  /** The name of its machine. */
  readonly machine: string;
  readonly stack: PlanNode['stack'];
  readonly forwarding: boolean;
  /** Who carries frames between its networks, if it is a bridge. */
  readonly bridge: Exclude<PlanBridge['kind'], 'ring'> | undefined;
  /** In the order of the networks. */
  readonly members: readonly Member[];
}

export interface Network {
  readonly name: string;
  /** The first network of the segment that it is part of. */
  readonly segment: string;
  readonly path: Path;
  readonly mtu: number;
  readonly isolated: boolean;
  readonly uplink: boolean;
  /** The member whose interface is the bridge of the others. */
  readonly bridge: string | undefined;
  readonly subnets: readonly IpPrefix[];
  readonly members: readonly Member[];
  /** The machines that its members are on, in the order of the members. */
  readonly machines: readonly string[];
  /** With `uplink`: the machine's own addresses on it, to which default routes lead. */
  readonly gateway: readonly IpAddress[];
}

/** A node on a network. */
export interface Member {
  readonly node: string;
  readonly network: string;
  /** That of the network. */
  readonly segment: string;
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
  /** Where the file says it; that of the member when it is derived. */
  readonly path: Path;
}
