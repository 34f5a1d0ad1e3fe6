// What a WireGuard tunnel is, resolved: its two ends, what it goes over, and how it moves between these ways. Names: CoMPS.
import type { Span } from './censor.ts';

/** Keys are made when the lab is built; no plan and no result holds any. */
export interface PlanTunnel {
  readonly name: string;
  /** The end that dials. */
  readonly client: PlanTunnelEnd;
  readonly server: PlanTunnelEnd;
  /** Bytes, of both ends: what fits whole into everything that it goes over. */
  readonly mtu: number;
  /** Seconds between packets of the client that say nothing but that it is there; 0: none. */
  readonly keepalive: number;
  /** The tunnels of the same client that carry its packets, one at a time; the first at the beginning. Empty: the networks carry them. */
  readonly over: readonly string[];
  /** Null of a tunnel that is over no other. */
  readonly migration: Migration | null;
}

export interface PlanTunnelEnd {
  readonly node: string;
  readonly interface: string;
  /** With prefix length: `10.45.0.1/32`, `fd45::1/128`. */
  readonly addresses: readonly string[];
  /** The UDP port that it listens on. */
  readonly port: number;
  /** Of its UDP packets; 0: none. */
  readonly fwmark: number;
  /** Where the other end is; null: it is learnt from the packets that come. */
  readonly endpoint: TunnelEndpoint | null;
  /** Prefixes that the other end may send from, and that lead to it. */
  readonly allowed: readonly string[];
}

/**
 * Several tunnels of one client with none around them: what goes by it goes by one of them as it is. Each switch gives it another address,
 * that of the server of the tunnel in force: a QUIC connection outlives that (RFC 9000 section 9), one of TCP does not.
 */
export interface PlanBundle {
  readonly name: string;
  /** Where they all begin. */
  readonly client: string;
  /** The first at the beginning. */
  readonly over: readonly string[];
  /** Prefixes of what of the client goes by it, and by no other way. */
  readonly routed: readonly string[];
  /** Whether a switch moves sockets that there are, or each stays with the tunnel whose address it is bound to. */
  readonly connections: 'move' | 'stay';
  readonly migration: Migration;
}

export interface TunnelEndpoint {
  readonly address: string;
  readonly port: number;
}

/** Which tunnel of `over` carries a client's packets, and when that changes. */
export interface Migration {
  /**
   * `dirichlet`: at random by weights that are drawn once a run. `batched`: at random by such weights, each choice kept for `batch` periods.
   * `trace`: as a file says.
   */
  readonly policy: MigrationPolicy;
  readonly every: MigrationPeriod;
  /** Of `weighted`: one for each tunnel of `over`. Empty otherwise. */
  readonly weights: readonly number[];
  /** Of `dirichlet` and `batched`: the concentration, the same for each tunnel; 1 makes all weights equally likely. */
  readonly alpha: number;
  /** Of `batched`: periods that a choice is kept. Null otherwise. */
  readonly batch: Span | null;
  /** Of `trace`: the switches, by time. Null otherwise. */
  readonly trace: readonly TraceSwitch[] | null;
  /** The table whose default route leads into the tunnel of `over` that is in force. */
  readonly table: number;
  /** Of what goes by it, and so of that route: of a tunnel, that of the endpoint that its packets go to. */
  readonly families: readonly (4 | 6)[];
  /** Whether it begins with the traffic; else with the first `tunnel` of the timeline that starts it. */
  readonly atStart: boolean;
}

export type MigrationPolicy =
  'none' | 'round-robin' | 'uniform' | 'dirichlet' | 'weighted' | 'batched' | 'trace';

/** Packets are those that the client's end sends. */
export type MigrationPeriod =
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'packets'; readonly count: number };

export interface TraceSwitch {
  /** Milliseconds since the migration began. */
  readonly at: number;
  /** Of `over`. */
  readonly to: string;
}

/**
 * A tunnel's own packets get another mark on their way out, which has the kernel look their route up once more: wireguard-go asks for the
 * interface on which the last packet came (its `IP_PKTINFO`), and would stay with that whatever the table says.
 */
export interface PlanRemark {
  readonly tunnel: string;
  readonly family: 4 | 6;
  readonly mark: number;
  readonly to: number;
}

/**
 * Counts packets by each interface of `over`, and those that leave by another: a tunnel's own, UDP to its endpoint and from there; or what is
 * to go by a bundle, and what comes back.
 */
export type PlanLeakCounter = {
  readonly tunnel: string;
  readonly interfaces: readonly string[];
} & ({ readonly endpoint: TunnelEndpoint } | { readonly routed: RoutedPackets });

/** To one of these prefixes, without a mark of a tunnel's own packets. */
export interface RoutedPackets {
  readonly prefixes: readonly string[];
  readonly marks: Span;
}

/** A tunnel or bundle in the record of a run: the last that was heard of it. */
export interface TunnelRecord {
  readonly name: string;
  /** Of the client's end; of a bundle, of its tunnels. */
  readonly implementation: 'kernel' | 'wireguard-go';
  /** Of that program; of the kernel for its own. */
  readonly version: string;
  /** Whether each end has completed one; of a bundle, each of all of its tunnels. */
  readonly handshakes: { readonly client: boolean; readonly server: boolean };
  /** One for each tunnel of `over`, in its order. */
  readonly paths: readonly TunnelPath[];
  /** In the order of their times; the first of them when there are very many (`switched` counts all). */
  readonly switches: readonly TunnelSwitch[];
  readonly switched: number;
  /** Its packets, or what is to go by it, that left by anything but a tunnel of `over`, counted by the kernel; 0 of one that is over none. */
  readonly leaked: number;
}

/** What of a tunnel one tunnel of its `over` has carried, both ways. */
export interface TunnelPath {
  readonly tunnel: string;
  readonly packets: number;
  readonly bytes: number;
  /** Of the bytes of all paths; 0 while there are none. */
  readonly share: number;
  /** In the order of their times. */
  readonly silences: readonly TunnelSilence[];
}

/** A while in which packets were sent by a path and none came by it: its proxy is dead, for one. Microseconds since the epoch. */
export interface TunnelSilence {
  readonly from: number;
  /** Null while it lasts. */
  readonly to: number | null;
}

export interface TunnelSwitch {
  /** Microseconds since the epoch at which the new route held. */
  readonly time: number;
  readonly to: string;
  /** What the change of the route took. */
  readonly micros: number;
}
