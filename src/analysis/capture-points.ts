// The captures along one direction of a flow, in the order in which packets pass them.
import type { Plan } from '../model/plan.ts';
import { networksOfSegment } from '../model/segment.ts';
import { type CapturePoint, EMPTY_STRETCH, type Trajectory, stretchOf } from './aligned.ts';
import type { FiveTuple } from '../model/observation.ts';
import type { Hop } from './hop.ts';
import type { Path } from './path.ts';
import type { SeenPacket } from './seen-packet.ts';
import { NO_SKEW, type Skew } from './skew.ts';

/** What one capture holds of one direction. */
export interface Listing {
  readonly capture: string;
  readonly node: string;
  readonly network: string;
  /** Of captures that count as one: the networks that they are of. */
  readonly networks?: readonly string[];
  readonly packets: readonly SeenPacket[];
}

export interface OrderedPoint {
  readonly listing: Listing;
  readonly point: CapturePoint;
}

/**
 * By the plan's routes; where packets were seen beside that way (a mark or a program of the experimenter routed them), by the
 * time at which the first of them passed.
 */
export function orderPoints(
  plan: Plan,
  tuple: FiveTuple,
  path: Path,
  ends: { readonly sender: string; readonly receiver: string | null },
  listings: readonly Listing[],
  skew: Skew = NO_SKEW,
): OrderedPoint[] {
  // Bridges flood what they do not know the way of yet: a packet beside the way but on its segments has not left it.
  const networks = new Set(
    path.hops.flatMap(({ network }) => [network, ...segmentNames(plan, network)]),
  );
  const strayed = listings.some(
    ({ packets, network }) => packets.length > 0 && !networks.has(network),
  );
  const hops = strayed || path.hops.length === 0 ? observedHops(listings, skew) : path.hops;
  const found: OrderedPoint[] = [];
  let previous = -1;
  for (const [index, hop] of hops.entries()) {
    const listing = listings.find(
      ({ node, network }) => node === hop.node && network === hop.network,
    );
    if (!listing || found.some((one) => one.listing === listing)) continue;
    const before = previous < 0 ? EMPTY_STRETCH : stretchOf(plan, hops.slice(previous, index + 1));
    const point: CapturePoint = {
      capture: listing.capture,
      node: hop.node,
      network: hop.network,
      atSender: hop.node === ends.sender && index === 0,
      atReceiver: hop.node === ends.receiver,
      complete: seesWholeFlow(plan, listing, tuple),
      before,
    };
    found.push({ listing, point });
    previous = index;
  }
  return found;
}

const segmentNames = ({ networks }: Plan, name: string): string[] =>
  networksOfSegment(networks, name).map((network) => network.name);

function observedHops(listings: readonly Listing[], skew: Skew): Hop[] {
  const seen = inPassingOrder(
    listings.filter(({ packets }) => packets.length > 0),
    skew,
  );
  return seen.map(({ node, network }, index) => ({
    node,
    network,
    side: seen[index + 1]?.network === network ? 'out' : 'in',
  }));
}

/** By time; where clocks cannot tell, by TTL: every router takes one of it. */
function inPassingOrder(listings: readonly Listing[], skew: Skew): Listing[] {
  const firstTime = ({ packets }: Listing): number => packets[0]?.time ?? Infinity;
  const firstTtl = ({ packets }: Listing): number => packets[0]?.ttl ?? 0;
  const precedes = (later: Listing, earlier: Listing | undefined): boolean =>
    earlier !== undefined &&
    firstTime(later) - firstTime(earlier) < skew(earlier.node, later.node) &&
    firstTtl(later) > firstTtl(earlier);
  const order: Listing[] = [];
  for (const listing of listings.toSorted((left, right) => firstTime(left) - firstTime(right))) {
    let place = order.length;
    while (precedes(listing, order[place - 1])) place -= 1;
    order.splice(place, 0, listing);
  }
  return order;
}

/** `tcp`, `udp port 53`, `tcp and port 443`: filters that let every packet of some flows through. */
const WHOLE_FLOWS = /^(?:(?:ip|ip6) and )?(?<protocol>tcp|udp)?(?: and)? ?(?:port (?<port>\d+))?$/;

function seesWholeFlow(
  { captures }: Plan,
  { node, network, networks = [network] }: Listing,
  tuple: FiveTuple,
): boolean {
  return networks.every((name) => {
    const filter = captures.find((one) => one.node === node && one.network === name)?.filter;
    return letsThrough(filter, tuple);
  });
}

function letsThrough(filter: string | undefined, tuple: FiveTuple): boolean {
  if (filter === undefined || filter === '') return true;
  const { protocol, port } = WHOLE_FLOWS.exec(filter.trim())?.groups ?? {};
  if (protocol === undefined && port === undefined) return false;
  const family = /^ip6? and /.exec(filter.trim())?.[0];
  const isV6 = tuple.source.includes(':');
  if (family !== undefined && isV6 !== (family === 'ip6 and ')) return false;
  return (
    (protocol === undefined || protocol === tuple.protocol) &&
    (port === undefined || Number(port) === tuple.destinationPort)
  );
}

/** Points that packets went past unseen prove nothing by what they lack. */
export function judgeCompleteness(
  points: readonly CapturePoint[],
  trajectories: readonly Trajectory[],
): CapturePoint[] {
  return points.map((point, index) => {
    const passing = trajectories.filter(({ first, last }) => first < index && index < last);
    const missed = passing.filter(({ sightings }) => !sightings[index]).length;
    return { ...point, complete: point.complete && missed * 2 <= passing.length };
  });
}
