// Finds the packets of a connection in every capture and follows them along the way that the plan gives them.
import { parseIp } from '../base/addresses.ts';
import type { FiveTuple, Observation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import type { AgentEvent } from '../model/rpc.ts';
import { IP_PROTOCOL } from '../wire/ip-protocol.ts';
import type { AlignedDirection, AlignedFlow, PlacedNotice, Trajectory } from './aligned.ts';
import { type Connection, TRAIL } from './attempts.ts';
import {
  type CaptureIndex,
  type Conversation,
  type Endpoint,
  type Window,
  endpointOf,
  sameEndpoint,
} from './capture-index.ts';
import { type Listing, judgeCompleteness, orderPoints } from './capture-points.ts';
import { loggedThrottlers } from './censor-log.ts';
import { followPackets } from './follow.ts';
import type { IcmpNotice } from './icmp-notice.ts';
import { nodeWithAddress, traceRoundTrip } from './path.ts';
import type { SeenPacket } from './seen-packet.ts';
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
  const seenIn = (time: Window): Listed[] => listPackets(plan, indexes, client, tuple, time);
  const seen = seenIn(window);
  const around = {
    before: seenIn({ from: window.from - TRAIL, to: window.from - 1 }),
    after: seenIn({ from: window.to + 1, to: window.to + TRAIL }),
  };
  const trip = traceRoundTrip(plan, client, tuple.source, tuple.destination);
  const nowhere = { hops: [], arrives: false };
  const direction = (side: 'forward' | 'reverse'): AlignedDirection => {
    const listingsOf = (listed: readonly Listed[]): Listing[] =>
      listed.map(({ index, packets }) => ({
        capture: index.file.capture,
        node: index.file.node,
        network: index.file.network,
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

interface Listed {
  readonly index: CaptureIndex;
  readonly packets: readonly SeenPacket[];
  /** The client's endpoint as this capture has it. */
  readonly initiator: Endpoint;
}

function listPackets(
  plan: Plan,
  indexes: readonly CaptureIndex[],
  client: string,
  tuple: FiveTuple,
  window: Window,
): Listed[] {
  const initiator = endpointOf(tuple.source, tuple.sourcePort);
  if (!initiator) return [];
  const direct = indexes.map((index) => {
    const conversation = index.find(tuple);
    const packets = conversation ? index.packets(conversation, initiator, window) : [];
    return { index, packets, initiator };
  });
  // The servers of tunnels masquerade.
  const isTranslated = plan.nodes.some(({ nat }) => nat.length > 0) || plan.tunnels !== undefined;
  if (!isTranslated) return direct;
  const known = direct.find(
    ({ index, packets }) => index.file.node === client && packets.length > 0,
  );
  return known ? direct.map((one) => withTranslated(one, known.packets, tuple, window)) : direct;
}

/** Beyond NAT the connection has another source: it is the one that begins with the same packet. */
function withTranslated(
  listed: Listed,
  known: readonly SeenPacket[],
  tuple: FiveTuple,
  window: Window,
): Listed {
  const { index } = listed;
  const destination = endpointOf(tuple.destination, tuple.destinationPort);
  const first = known.find(({ forward }) => forward);
  if (listed.packets.length > 0 || !destination || !first) return listed;
  for (const conversation of index.conversations) {
    const initiator = initiatorTowards(conversation, destination);
    if (!initiator || conversation.protocol !== IP_PROTOCOL[tuple.protocol]) continue;
    if ((conversation.times.at(-1) ?? 0) < window.from) continue;
    if ((conversation.times[0] ?? 0) > window.to) continue;
    const packets = index.packets(conversation, initiator, window);
    if (packets.some((packet) => packet.forward && isSameStart(packet, first)))
      return { index, packets, initiator };
  }
  return listed;
}

const isSameStart = (left: SeenPacket, right: SeenPacket): boolean =>
  left.sequence === right.sequence &&
  left.flags === right.flags &&
  left.ipId === right.ipId &&
  left.length === right.length &&
  left.digest === right.digest;

function initiatorTowards({ near, far }: Conversation, destination: Endpoint): Endpoint | null {
  if (sameEndpoint(far, destination)) return near;
  return sameEndpoint(near, destination) ? far : null;
}

function noticesAbout(
  { index: { file, notices }, initiator }: Listed,
  tuple: FiveTuple,
  window: Window,
): PlacedNotice[] {
  const isClient = (address: string, port: number): boolean => {
    const endpoint = endpointOf(address, port);
    return (
      (address === tuple.source && port === tuple.sourcePort) ||
      (endpoint !== null && sameEndpoint(endpoint, initiator))
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
    .map((notice) => ({ ...notice, capture: file.capture, node: file.node }));
}
