// Finds the packets of a connection in every capture and follows them along the way that the plan gives them.
import { parseIp } from '../base/addresses.ts';
import type { FiveTuple, Observation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import type { AgentEvent } from '../model/rpc.ts';
import type { AlignedDirection, AlignedFlow, PlacedNotice, Trajectory } from './aligned.ts';
import { type Connection, TRAIL } from './attempts.ts';
import { type CaptureIndex, type Window, endpointOf, sameEndpoint } from './capture-index.ts';
import { type Listing, judgeCompleteness, orderPoints } from './capture-points.ts';
import { loggedThrottlers } from './censor-log.ts';
import { followPackets } from './follow.ts';
import { lanesOf, listBeside } from './lanes.ts';
import { type Listed, listPackets } from './list-packets.ts';
import type { IcmpNotice } from './icmp-notice.ts';
import { nodeWithAddress, traceRoundTrip } from './path.ts';
import type { Skew } from './skew.ts';
import { joinAcross } from './straddle.ts';

export function alignFlow(
  plan: Plan,
  indexes: readonly CaptureIndex[],
  events: readonly AgentEvent[],
  observation: Observation,
  { tuple, window }: Connection,
  skew: Skew,
): AlignedFlow {
  const client = observation.node;
  const destination = parseIp(tuple.destination);
  const server = destination.ok ? (nodeWithAddress(plan, destination.value)?.name ?? null) : null;
  const lanes = lanesOf(plan, client, tuple);
  const seenIn = (time: Window): Listed[] =>
    lanes
      ? listBeside(indexes, lanes, tuple, time)
      : listPackets(plan, indexes, client, tuple, time);
  const seen = seenIn(window);
  const around = {
    before: seenIn({ from: window.from - TRAIL, to: window.from - 1 }),
    after: seenIn({ from: window.to + 1, to: window.to + TRAIL }),
  };
  const trip = lanes?.trip ?? traceRoundTrip(plan, client, tuple.source, tuple.destination);
  const nowhere = { hops: [], arrives: false };
  const direction = (side: 'forward' | 'reverse'): AlignedDirection => {
    const listingsOf = (listed: readonly Listed[]): Listing[] =>
      listed.map(({ place, packets }) => ({
        ...place,
        packets: packets.filter(({ forward }) => forward === (side === 'forward')),
      }));
    const times = {
      before: listingsOf(around.before),
      own: listingsOf(seen),
      after: listingsOf(around.after),
    };
    const ends =
      side === 'forward'
        ? { sender: client, receiver: server }
        : { sender: server ?? '', receiver: client };
    return alignDirection(plan, tuple, side, trip?.[side] ?? nowhere, ends, times, skew);
  };
  return {
    plan,
    observation,
    tuple,
    client,
    server,
    forward: direction('forward'),
    reverse: direction('reverse'),
    throttledBy: loggedThrottlers(plan, events, observation, tuple, skew),
    notices: seen.flatMap((listed) => noticesAbout(listed, tuple, window)),
    error: Math.max(0, ...indexes.map(({ file }) => skew(client, file.node))),
  };
}

function alignDirection(
  plan: Plan,
  tuple: FiveTuple,
  side: 'forward' | 'reverse',
  path: Parameters<typeof orderPoints>[2],
  ends: Parameters<typeof orderPoints>[3],
  { before, own, after }: ListingsByTime,
  skew: Skew,
): AlignedDirection {
  const ordered = orderPoints(plan, tuple, path, ends, own, skew);
  const nodes = ordered.map(({ point }) => point.node);
  const follow = (listings: readonly Listing[]): Trajectory[] =>
    followPackets(
      ordered.map(
        ({ point }) => listings.find(({ capture }) => capture === point.capture)?.packets ?? [],
      ),
      (from, to) => skew(nodes[from] ?? '', nodes[to] ?? ''),
    );
  const begun = joinAcross(follow(before), follow(own)).after;
  const trajectories = joinAcross(begun, follow(after)).before;
  const points = judgeCompleteness(
    ordered.map(({ point }) => point),
    trajectories,
  );
  return { side, points, trajectories, skew };
}

/** What was seen in the attempt's time, and shortly before and after: other uses of its ports, if there are any. */
interface ListingsByTime {
  readonly before: readonly Listing[];
  readonly own: readonly Listing[];
  readonly after: readonly Listing[];
}

function noticesAbout(
  { place, notices, initiators }: Listed,
  tuple: FiveTuple,
  window: Window,
): PlacedNotice[] {
  const isClient = (address: string, port: number): boolean => {
    const endpoint = endpointOf(address, port);
    return (
      (address === tuple.source && port === tuple.sourcePort) ||
      (endpoint !== null && initiators.some((one) => sameEndpoint(endpoint, one)))
    );
  };
  const isServer = (address: string, port: number): boolean =>
    address === tuple.destination && port === tuple.destinationPort;
  const isAbout = ({ about, quoted }: IcmpNotice): boolean => {
    const { protocol, source, sourcePort, destination, destinationPort } = quoted;
    if (protocol !== tuple.protocol) return false;
    if (isClient(source, sourcePort) && isServer(destination, destinationPort)) return true;
    // What the server sends may be too big as well.
    return (
      about === 'size' && isServer(source, sourcePort) && isClient(destination, destinationPort)
    );
  };
  return notices
    .filter((notice) => notice.time >= window.from && notice.time <= window.to && isAbout(notice))
    .map((notice) => ({ ...notice, capture: place.capture, node: place.node }));
}
