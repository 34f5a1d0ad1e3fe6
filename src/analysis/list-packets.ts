// What the captures hold of a connection, as each of them has it.
import type { FiveTuple } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import { IP_PROTOCOL } from '../wire/ip-protocol.ts';
import {
  type CaptureIndex,
  type Conversation,
  type Endpoint,
  type Window,
  endpointOf,
  sameEndpoint,
} from './capture-index.ts';
import type { CaptureFile } from './evidence.ts';
import type { IcmpNotice } from './icmp-notice.ts';
import type { SeenPacket } from './seen-packet.ts';

export interface Listed {
  readonly place: CapturePlace;
  readonly packets: readonly SeenPacket[];
  readonly notices: readonly IcmpNotice[];
  /** The client's endpoint as this capture has it; several where it went by several ways. */
  readonly initiators: readonly Endpoint[];
}

export interface CapturePlace extends Pick<CaptureFile, 'capture' | 'node' | 'network'> {
  /** Of captures that count as one: the networks that they are of. */
  readonly networks?: readonly string[];
}

export function listPackets(
  plan: Plan,
  indexes: readonly CaptureIndex[],
  client: string,
  tuple: FiveTuple,
  window: Window,
): Listed[] {
  const initiator = endpointOf(tuple.source, tuple.sourcePort);
  if (!initiator) return [];
  const direct = indexes.map((index) => ({
    index,
    listed: listDirect(index, tuple, initiator, window),
  }));
  const known = direct.find(
    ({ index, listed }) => index.file.node === client && listed.packets.length > 0,
  );
  const isTranslated = plan.nodes.some(({ nat }) => nat.length > 0) || plan.tunnels !== undefined;
  if (!known || !isTranslated) return direct.map(({ listed }) => listed);
  return direct.map(({ index, listed }) =>
    withTranslated(index, listed, known.listed.packets, tuple, window),
  );
}

/** The conversation by the very addresses that the client has for it. */
export function listDirect(
  index: CaptureIndex,
  tuple: FiveTuple,
  initiator: Endpoint,
  window: Window,
): Listed {
  const conversation = index.find(tuple);
  const packets = conversation ? index.packets(conversation, initiator, window) : [];
  return { place: index.file, packets, notices: index.notices, initiators: [initiator] };
}

/**
 * Beyond NAT the connection has another source: it is the one that begins with the same packet. What is there of the client's own addresses
 * all the same, somebody made who did not have them translated.
 */
function withTranslated(
  index: CaptureIndex,
  listed: Listed,
  known: readonly SeenPacket[],
  tuple: FiveTuple,
  window: Window,
): Listed {
  const first = known.find(({ forward }) => forward);
  const hasFirst = (packets: readonly SeenPacket[]): boolean =>
    first !== undefined && packets.some((packet) => packet.forward && isSameStart(packet, first));
  if (first === undefined || hasFirst(listed.packets)) return listed;
  for (const { initiator, packets } of conversationsTo(index, tuple, window))
    if (hasFirst(packets))
      return {
        ...listed,
        packets: inOrder([...listed.packets, ...packets]),
        initiators: [...listed.initiators, initiator],
      };
  return listed;
}

/** All that anybody had with the destination at the time. */
export function* conversationsTo(
  index: CaptureIndex,
  tuple: FiveTuple,
  window: Window,
): Generator<{ readonly initiator: Endpoint; readonly packets: readonly SeenPacket[] }> {
  const destination = endpointOf(tuple.destination, tuple.destinationPort);
  if (!destination) return;
  for (const conversation of index.conversations) {
    const initiator = initiatorTowards(conversation, destination);
    if (!initiator || conversation.protocol !== IP_PROTOCOL[tuple.protocol]) continue;
    if ((conversation.times.at(-1) ?? 0) < window.from) continue;
    if ((conversation.times[0] ?? 0) > window.to) continue;
    yield { initiator, packets: index.packets(conversation, initiator, window) };
  }
}

export const inOrder = (packets: readonly SeenPacket[]): SeenPacket[] =>
  packets.toSorted((left, right) => left.time - right.time);

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
