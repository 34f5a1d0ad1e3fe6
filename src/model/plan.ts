// A plan: everything a run does, resolved, with nothing implicit. Plain JSON: the same scenario, params and seed
// give the same bytes, so it never holds a time, a path or a fact of the machine that compiled it.
import type { CensorSpec } from './censor.ts';
import type { ContainerSpec } from './container.ts';
import type { Expectation } from './expectation.ts';
import type { PlanMachine } from './machine.ts';
import type { MirrorAnswers, PlanMirror } from './mirror.ts';
import type { RelaySpec } from './relay.ts';
import type { Control, Flow, Service } from './traffic.ts';
import type { PlanBundle, PlanLeakCounter, PlanRemark, PlanTunnel } from './tunnel.ts';

export interface Plan {
  readonly planVersion: 1;
  /** The scenario's `name`. */
  readonly scenario: string;
  readonly description: string;
  readonly seed: number;
  readonly params: Readonly<Record<string, ParamValue>>;
  /** Whether the run has a second arm without censors to compare with. */
  readonly control: boolean;
  /** Every machine on which there are nodes: `local` first, the others as the scenario has them. */
  readonly machines: readonly PlanMachine[];
  /** Whether the scenario itself says that it may act in the stacks of machines (`network: machine`). */
  readonly allowMachineNetwork?: true;
  readonly nodes: readonly PlanNode[];
  /** What every node's `/etc/hosts` says, after the node's own `names`. */
  readonly names: readonly HostNames[];
  readonly networks: readonly PlanNetwork[];
  readonly censors: readonly PlanCensor[];
  /** Absent when there are none. */
  readonly proxies?: readonly PlanProxy[];
  /** Those that carry others come before them; absent when there are none. */
  readonly tunnels?: readonly PlanTunnel[];
  /** Absent when there are none. */
  readonly bundles?: readonly PlanBundle[];
  /** Absent when there are none. */
  readonly mirrors?: readonly PlanMirror[];
  /** What happens to censors, proxies and tunnels while the traffic runs; absent when nothing does. */
  readonly controls?: readonly Control[];
  readonly services: readonly Service[];
  readonly flows: readonly Flow[];
  readonly captures: readonly PlanCapture[];
  readonly expectations: readonly Expectation[];
  /** Of a run without censors: how many expectations speak of what a censor does, and were left out. */
  readonly leftOut?: number;
  /** What building the lab does, in order; taking it down is the undos in reverse. */
  readonly steps: readonly Step[];
}

export type ParamValue = string | number | boolean | ParamList;

/** Texts, and files that hold one a line. */
export type ParamList = readonly (string | { readonly file: string })[];

/** One network stack: of a host, or of a container when it has the description of one. */
export interface PlanNode {
  readonly name: string;
  readonly kind: 'host' | 'container';
  /** Of a container, and of nothing else. */
  readonly container?: ContainerSpec;
  /** The name of its machine. */
  readonly machine: string;
  /** A namespace of its own, the machine's own stack, or (containers) one that the engine joins to its own bridge. */
  readonly stack: 'namespace' | 'machine' | 'engine';
  readonly forwarding: boolean;
  /** Of a node that joins its networks at layer 2, and of no other. */
  readonly bridge?: PlanBridge;
  /**
   * How packets that pass through this node go on, routed or bridged: by the kernel; through a packet ring where our code sees and
   * holds each (`ring`); or by the kernel with NFQUEUE in between (`nfqueue`, where NAT or policy routing must apply).
   */
  readonly path: 'kernel' | 'ring' | 'nfqueue';
  readonly interfaces: readonly PlanInterface[];
  /** The main table, resolved, connected prefixes included: what a ring needs to forward. */
  readonly routes: readonly PlanRoute[];
  readonly rules: readonly PlanRule[];
  readonly nat: readonly PlanNat[];
  /** Lines of the node's `/etc/hosts` that come before those of the plan: addresses nearer to it than the first. */
  readonly names: readonly HostNames[];
  /** Addresses of the lab's DNS servers for `/etc/resolv.conf`; empty when there are none. */
  readonly resolvers: readonly string[];
}

/**
 * Who carries frames from network to network: the kernel by a bridge of this name, a program of the experimenter's, or, where a censor is in
 * their way, runner through packet rings.
 */
export type PlanBridge =
  | { readonly kind: 'kernel'; readonly interface: string }
  | { readonly kind: 'program' }
  | { readonly kind: 'ring' };

/** One line of hosts(5). */
export interface HostNames {
  readonly address: string;
  readonly names: readonly string[];
}

export interface PlanInterface {
  /** At most 15 characters: `<node>-<network>`, shortened. */
  readonly name: string;
  readonly network: string;
  readonly mac: string;
  readonly mtu: number;
  /** With prefix length: `10.10.1.1/24`, `fd00:1::1/64`. */
  readonly addresses: readonly string[];
  /** False: segments on the wire are MTU-sized and carry real checksums. */
  readonly offload: boolean;
}

export interface PlanRoute {
  readonly to: string;
  /** The next hop's address; absent for a connected prefix. */
  readonly via?: string;
  /** The next hop's MAC; absent for a connected prefix. */
  readonly viaMac?: string;
  readonly interface: string;
  /** `main` unless given. */
  readonly table: number | 'main';
  readonly metric?: number;
  readonly kind: 'unicast' | 'unreachable' | 'blackhole';
}

export interface PlanRule {
  readonly family: 4 | 6;
  readonly priority: number;
  readonly from?: string;
  readonly to?: string;
  readonly fwmark?: number;
  /** The bits of the mark that are compared; absent: all. */
  readonly mask?: number;
  /** The rule is for packets that all of this does not hold for. */
  readonly not?: true;
  readonly table: number | 'main';
}

export interface PlanNat {
  /** The interface out of which addresses are rewritten. */
  readonly interface: string;
  /** Only of packets from this prefix; absent: of all. */
  readonly from?: string;
  readonly masquerade: true;
}

/** One L2 segment, or the part of one between bridge nodes. */
export interface PlanNetwork {
  readonly name: string;
  /** The first network of the segment, when bridge nodes make one of several: they share their subnets. */
  readonly segment?: string;
  /**
   * `veth`: two members joined directly. `bridge`: a kernel bridge. `switch`: members meet in the lab's own segment, which
   * impairs; it is netem and tbf on a bridge where the kernel has them and our switch where it has not.
   */
  readonly kind: 'veth' | 'bridge' | 'switch';
  readonly subnets: readonly string[];
  readonly mtu: number;
  readonly isolated: boolean;
  /** The member whose interface is the bridge of the others, in its own namespace; absent: the lab's segment joins them. */
  readonly bridge?: string;
  /** Whether the machine forwards and masquerades this network to the outside. */
  readonly uplink: boolean;
  /** With `uplink`: the machine's own addresses on this network, with prefix length; members' default routes lead there. */
  readonly gateway: readonly string[];
  readonly members: readonly PlanMember[];
  /** Of a network whose members are on several machines: where each of these machines meets the others. */
  readonly trunks?: readonly PlanTrunk[];
  /** In one machine's share of a plan: the members of the network's segment that are on other machines. */
  readonly far?: readonly PlanMember[];
}

/** One machine's way to the other machines of a network: a VXLAN device (RFC 7348) in the lab's segment there. */
export interface PlanTrunk {
  readonly machine: string;
  readonly interface: string;
  /** Counts the networks of the plan that have trunks, from 0: each lab adds it to a number of its own. */
  readonly vni: number;
  /** The other machines that have members. */
  readonly peers: readonly string[];
}

export interface PlanMember {
  readonly node: string;
  readonly interface: string;
  readonly mac: string;
  readonly addresses: readonly string[];
  /** The far end of the member's link, in the lab's own segment; absent on a `veth` network. */
  readonly port?: string;
  /** What happens to frames that this member sends into the network; absent when nothing does. */
  readonly impairment?: Impairment;
}

/** What a link does to the frames that enter it. netem(8), tbf(8). */
export interface Impairment {
  /** One-way delay in milliseconds. */
  readonly delay: number;
  /** Standard deviation of the delay in milliseconds, normally distributed. */
  readonly jitter: number;
  readonly lossRatio: number;
  readonly duplicateRatio: number;
  /** Share of frames sent at once, ahead of the delayed ones. */
  readonly reorderRatio: number;
  /** Share of frames with one flipped bit. */
  readonly corruptRatio: number;
  /** Bits per second, or null for as fast as it goes. */
  readonly rate: number | null;
  /** Bytes that may wait for the rate before frames are dropped. */
  readonly queue: number;
}

/** One censor over several nodes is one of these a node, of the same name and position: they share one state. */
export interface PlanCensor extends CensorSpec {
  readonly name: string;
  readonly on: string;
  readonly position: 'in-path' | 'on-path';
}

/** A relay in the network of a node. */
export interface PlanProxy {
  readonly name: string;
  readonly on: string;
  readonly relay: RelaySpec;
  /** Ports whose connections, or datagrams where it listens for those, are diverted to it on their way through the node; empty where clients dial it. */
  readonly divert: readonly number[];
}

export interface PlanCapture {
  readonly node: string;
  /** Of a capture in a machine's own stack: the interface's name, which no network of the plan then has. Of a tunnel's end: the tunnel's name. */
  readonly network: string;
  readonly interface: string;
  /** `captures/<node>.<network>.pcap`, relative to the results folder. */
  readonly file: string;
  /** A BPF filter (pcap-filter(7)), or empty. */
  readonly filter: string;
  readonly snaplen: number;
}

/** One change to the machine, with its undo. `do` says what; `undo` is what removes it, in iproute2's own words. */
export interface Step {
  readonly id: string;
  /** On which machine; absent: on `local`. */
  readonly machine?: string;
  readonly do: StepAction;
  /** The equivalent command line for people, and for `runner plan`. */
  readonly command: string;
  /** What takes it away again; `implied by <id>` where removing that step's object removes this too. */
  readonly undo: string;
}

export type StepAction =
  | { readonly kind: 'namespace'; readonly node: string }
  /** A container, without a network unless its stack is the machine's or the engine's; it waits for its network to be there. */
  | { readonly kind: 'container'; readonly node: string }
  | { readonly kind: 'bridge'; readonly network: string; readonly interface: string }
  | {
      readonly kind: 'veth';
      readonly network: string;
      readonly left: LinkEnd;
      readonly right: LinkEnd;
      readonly mtu: number;
      readonly offload: boolean;
    }
  | { readonly kind: 'sysctl'; readonly node: string; readonly key: string; readonly value: string }
  | {
      readonly kind: 'address';
      readonly node: string;
      readonly interface: string;
      readonly address: string;
    }
  | { readonly kind: 'route'; readonly node: string; readonly route: PlanRoute }
  | { readonly kind: 'rule'; readonly node: string; readonly rule: PlanRule }
  | {
      readonly kind: 'neighbour';
      readonly node: string;
      readonly interface: string;
      readonly address: string;
      readonly mac: string;
    }
  | { readonly kind: 'nat'; readonly node: string; readonly nat: PlanNat }
  /** A bridge within a node's own namespace; `mac`: one that is an interface of the node. */
  | {
      readonly kind: 'node-bridge';
      readonly node: string;
      readonly interface: string;
      readonly mac?: string;
    }
  /** One of the node's interfaces becomes a port of its bridge. */
  | {
      readonly kind: 'bridge-port';
      readonly node: string;
      readonly interface: string;
      readonly bridge: string;
    }
  /** Members' ports become one segment: bridge ports, or ports of our switch where a member has an impairment. */
  | { readonly kind: 'segment'; readonly network: string }
  /** The VXLAN device that joins this machine's part of a network to those of others. */
  | {
      readonly kind: 'trunk';
      readonly network: string;
      readonly trunk: PlanTrunk;
      readonly mtu: number;
    }
  /** The packet path of a node with censors: ring, NFQUEUE or copies only. */
  | {
      readonly kind: 'path';
      readonly node: string;
      readonly path: 'ring' | 'nfqueue' | 'copy';
      readonly censors: readonly string[];
    }
  | { readonly kind: 'uplink'; readonly network: string }
  /** Connections through a node are handed to its relay: by REDIRECT, or by TPROXY with a mark and a table of their own. */
  | {
      readonly kind: 'divert';
      readonly node: string;
      readonly proxy: string;
      readonly divert: PlanDivert;
    }
  /** One end of a WireGuard tunnel: made, told of its peer, up. Its addresses and routes are steps of their own. */
  | {
      readonly kind: 'tunnel';
      readonly node: string;
      readonly tunnel: string;
      readonly end: 'client' | 'server';
    }
  | { readonly kind: 'remark'; readonly node: string; readonly remark: PlanRemark }
  | { readonly kind: 'leak-counter'; readonly node: string; readonly leak: PlanLeakCounter }
  /** At an assistant: the target's answers go no further, whatever its kernel forwards. */
  | { readonly kind: 'mirror-sink'; readonly node: string; readonly answers: MirrorAnswers }
  /** At a client: those that come to it all the same are counted. */
  | { readonly kind: 'mirror-leaks'; readonly node: string; readonly answers: MirrorAnswers };

export interface PlanDivert {
  /** Only what is sent to these; absent: whatever passes. */
  readonly addresses?: readonly string[];
  readonly family: 4 | 6;
  readonly how: 'redirect' | 'tproxy';
  readonly protocol: 'tcp' | 'udp';
  readonly ports: readonly number[];
  /** Where the relay listens. */
  readonly to: number;
  /** Of TPROXY: what marks the packets, and the table that has them delivered here. */
  readonly mark: number;
  readonly table: number;
}

/** One end of a link. `node` null is the lab's own segment namespace, where bridges and switches live. */
export interface LinkEnd {
  readonly node: string | null;
  readonly interface: string;
  readonly mac: string;
  /** The bridge it is a port of. */
  readonly master?: string;
}
