// What the detectors read: one connection of one attempt, each packet followed through the captures along its way.
import type { FiveTuple, Observation } from '../model/observation.ts';
import type { Impairment, Plan } from '../model/plan.ts';
import type { IcmpNotice } from './icmp-notice.ts';
import type { Hop } from './hop.ts';
import type { SeenPacket } from './seen-packet.ts';
import type { Skew } from './skew.ts';

export interface AlignedFlow {
  readonly plan: Plan;
  readonly observation: Observation;
  readonly tuple: FiveTuple;
  /** The node that began it. */
  readonly client: string;
  /** The node that has the destination address; null when none of the plan has. */
  readonly server: string | null;
  readonly forward: AlignedDirection;
  readonly reverse: AlignedDirection;
  readonly notices: readonly PlacedNotice[];
  /** By whom the lab's own censors say that this connection was throttled. */
  readonly throttledBy: readonly string[];
  /** Microseconds by which a time of a packet or a notice may be off against the attempt's own: 0 on one machine. */
  readonly error: number;
}

export interface PlacedNotice extends IcmpNotice {
  /** The capture that holds it, and its node. */
  readonly capture: string;
  readonly node: string;
}

export interface AlignedDirection {
  readonly side: 'forward' | 'reverse';
  /** Captures along the way, from the sender to the receiver. */
  readonly points: readonly CapturePoint[];
  /** In order of first sightings. */
  readonly trajectories: readonly Trajectory[];
  readonly skew: Skew;
}

/** A capture on the way of a direction. */
export interface CapturePoint {
  /** `client.inside`. */
  readonly capture: string;
  readonly node: string;
  readonly network: string;
  /** At the sender's own interface: nothing of the lab lies before it. */
  readonly atSender: boolean;
  readonly atReceiver: boolean;
  /**
   * Whether a packet that is missing here was not here: false when a filter hides packets, or when packets went past it
   * unseen.
   */
  readonly complete: boolean;
  /** What lies between the point before and this one; empty before the first. */
  readonly before: Stretch;
}

/** A part of the way between two captures. */
export interface Stretch {
  /** Nodes that packets pass through from one interface to another. */
  readonly nodes: readonly string[];
  readonly links: readonly StretchLink[];
}

export interface StretchLink {
  readonly network: string;
  /** The node that sends into it. */
  readonly sender: string;
  readonly impairment: Impairment | null;
}

/** One packet on its way, followed through the captures. */
export interface Trajectory {
  /** By point; null where it was not seen. */
  readonly sightings: readonly (SeenPacket | null)[];
  /** The first sighting: what the packet was when it came to be. */
  readonly packet: SeenPacket;
  /** Index of the first and of the last point that saw it. */
  readonly first: number;
  readonly last: number;
  /** Index of the first point at which its payload was another than before; -1 when it stayed the same. */
  readonly altered: number;
}

/** Between the points `from` and `to` of a direction, both indices; `stretch` is all that lies between them. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly stretch: Stretch;
  /** Microseconds by which a time that a packet takes through it may be wrong: 0 between captures of one machine. */
  readonly error: number;
}

export const EMPTY_STRETCH: Stretch = { nodes: [], links: [] };

export function joinStretches(stretches: readonly Stretch[]): Stretch {
  return {
    nodes: stretches.flatMap(({ nodes }) => nodes),
    links: stretches.flatMap(({ links }) => links),
  };
}

/** The part of the way between two points of a direction. */
export function gapBetween(direction: AlignedDirection, from: number, to: number): Gap {
  const stretches = direction.points.slice(from + 1, to + 1).map(({ before }) => before);
  return { from, to, stretch: joinStretches(stretches), error: errorBetween(direction, from, to) };
}

/** Microseconds by which the times of two points, both indices, may be off against each other. */
export const errorBetween = (
  { points, skew }: AlignedDirection,
  from: number,
  to: number,
): number => skew(points[from]?.node ?? '', points[to]?.node ?? '');

/** What lies on `hops` between two of them, the capture points being at both ends. */
export function stretchOf(plan: Plan, hops: readonly Hop[]): Stretch {
  const nodes: string[] = [];
  const links: StretchLink[] = [];
  for (const [index, hop] of hops.slice(0, -1).entries()) {
    const next = hops[index + 1];
    if (hop.side === 'in' && next?.node === hop.node) nodes.push(hop.node);
    if (hop.side === 'out' && next?.network === hop.network)
      links.push({ network: hop.network, sender: hop.node, impairment: impairmentOf(plan, hop) });
  }
  return { nodes, links };
}

const impairmentOf = (plan: Plan, { node, network }: Hop): Impairment | null =>
  plan.networks.find(({ name }) => name === network)?.members.find((member) => member.node === node)
    ?.impairment ?? null;
