// The lab's shape: nodes, networks and where they meet.
import type { IpAddress, IpPrefix } from '../../base/addresses.ts';
import type { Impairment } from '../../model/plan.ts';
import type { Path } from '../source/tree.ts';

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
  /** Where the file says it; that of the member when it is derived. */
  readonly path: Path;
}
