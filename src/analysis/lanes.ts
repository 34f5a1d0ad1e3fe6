// Tunnels side by side: what goes by a bundle leaves its client by any of several interfaces, and is seen beyond in the name of as many hosts.
// The captures of these interfaces count as one, and so do the connections beyond.
import { parseIp, parsePrefix, prefixContains } from '../base/addresses.ts';
import type { FiveTuple } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import type { PlanBundle } from '../model/tunnel.ts';
import { type CaptureIndex, type Window, endpointOf } from './capture-index.ts';
import type { Hop } from './hop.ts';
import { type Listed, conversationsTo, inOrder, listDirect } from './list-packets.ts';
import { type RoundTrip, traceRoundTrip } from './path.ts';
import type { SeenPacket } from './seen-packet.ts';

export interface Lanes {
  readonly bundle: PlanBundle;
  readonly trip: RoundTrip;
  /** Nodes that only some of the tunnels lead past: what they lack has gone another way, and proves nothing. */
  readonly aside: ReadonlySet<string>;
}

/** Null for what goes by no bundle, and for what stays with one of its tunnels. */
export function lanesOf(plan: Plan, client: string, tuple: FiveTuple): Lanes | null {
  const to = parseIp(tuple.destination);
  if (!to.ok) return null;
  const bundle = (plan.bundles ?? []).find(
    ({ client: own, routed, connections }) =>
      own === client &&
      connections === 'move' &&
      routed.some((text) => {
        const prefix = parsePrefix(text);
        return prefix.ok && prefixContains(prefix.value, to.value);
      }),
  );
  if (!bundle) return null;
  const { name } = bundle;
  const legs = (plan.tunnels ?? [])
    .filter((tunnel) => bundle.over.includes(tunnel.name))
    .map(({ server: { node } }) => ({ node, trip: tripFrom(plan, node, tuple.destination) }));
  const forward = legs.flatMap(({ node, trip }): Hop[] => [
    { node, network: name, side: 'in' },
    ...(trip?.forward.hops ?? []),
  ]);
  const reverse = legs.flatMap(({ node, trip }): Hop[] => [
    ...(trip?.reverse.hops ?? []),
    { node, network: name, side: 'out' },
  ]);
  const arrives = legs.every(({ trip }) => trip?.forward.arrives === true);
  const passed = legs.map(
    ({ node, trip }) =>
      new Set([
        node,
        ...[...(trip?.forward.hops ?? []), ...(trip?.reverse.hops ?? [])].map((hop) => hop.node),
      ]),
  );
  return {
    bundle,
    trip: {
      forward: { hops: [{ node: client, network: name, side: 'out' }, ...forward], arrives },
      reverse: { hops: [...reverse, { node: client, network: name, side: 'in' }], arrives },
    },
    aside: new Set(
      passed
        .flatMap((nodes) => [...nodes])
        .filter((node) => !passed.every((nodes) => nodes.has(node))),
    ),
  };
}

/** From the end of a tunnel, which speaks in its own name. */
function tripFrom(plan: Plan, node: string, destination: string): RoundTrip | null {
  const interfaces = plan.nodes.find(({ name }) => name === node)?.interfaces ?? [];
  const addressOn = (network: string | undefined): string | undefined =>
    interfaces
      .filter((side) => network === undefined || side.network === network)
      .flatMap(({ addresses }) => addresses)
      .find((text) => text.includes(':') === destination.includes(':'))
      ?.replace(/\/.*/, '');
  const any = addressOn(undefined);
  const out = any === undefined ? null : traceRoundTrip(plan, node, any, destination);
  const own = addressOn(out?.forward.hops[0]?.network);
  return own === undefined ? out : traceRoundTrip(plan, node, own, destination);
}

/** What was seen of a connection, where each of its packets may have gone by another lane. */
export function listBeside(
  indexes: readonly CaptureIndex[],
  { bundle: { name, client, over }, aside }: Lanes,
  tuple: FiveTuple,
  window: Window,
): Listed[] {
  const initiator = endpointOf(tuple.source, tuple.sourcePort);
  if (!initiator) return [];
  const isLane = ({ file: { node, network } }: CaptureIndex): boolean =>
    node === client && over.includes(network);
  const lanes = indexes.filter(isLane).map((index) => listDirect(index, tuple, initiator, window));
  const packets = inOrder(lanes.flatMap((lane) => lane.packets));
  const beyond = indexes
    .filter((index) => !isLane(index) && !aside.has(index.file.node))
    .map((index) =>
      withTranslations(index, packets, listDirect(index, tuple, initiator, window), tuple, window),
    );
  // Where one of them is not captured, nobody knows what went by it.
  if (lanes.length < over.length) return beyond;
  const place = { capture: `${client}.${name}`, node: client, network: name, networks: over };
  const notices = lanes.flatMap((lane) => lane.notices);
  return [{ place, packets, notices, initiators: [initiator] }, ...beyond];
}

/** With all connections to the destination that hold a packet of the client's. */
function withTranslations(
  index: CaptureIndex,
  known: readonly SeenPacket[],
  direct: Listed,
  tuple: FiveTuple,
  window: Window,
): Listed {
  if (direct.packets.length > 0) return direct;
  const sent = new Set(known.filter(({ forward }) => forward).map(contentKey));
  const found = [...conversationsTo(index, tuple, window)].filter(({ packets }) =>
    packets.some((packet) => packet.forward && sent.has(contentKey(packet))),
  );
  if (found.length === 0) return direct;
  const packets = inOrder(found.flatMap((one) => one.packets));
  return { ...direct, packets, initiators: found.map(({ initiator }) => initiator) };
}

const contentKey = ({ sequence, flags, ipId, length, digest }: SeenPacket): string =>
  [sequence, flags, ipId, length, digest].join(' ');
