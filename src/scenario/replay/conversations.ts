// Packets as conversations: all that two endpoints send each other, from one SYN to the next where they are TCP's.
import type { ScriptEndpoint } from '../../model/script.ts';
import { formatEndpoint } from './flow-filter.ts';
import type { ReplayPacket } from './read-packets.ts';
import type { ReplayParty } from './replay-script.ts';
import { TCP_FLAG } from '../../wire/tcp.ts';

export interface Conversation {
  /** From 1, in order of first packets. */
  readonly number: number;
  readonly protocol: number;
  readonly client: ScriptEndpoint;
  readonly server: ScriptEndpoint;
  readonly packets: readonly SentPacket[];
}

export interface SentPacket extends ReplayPacket {
  readonly from: ReplayParty;
}

/** Ports below are those of services (RFC 6335 section 6). */
const SYSTEM_PORTS = 1024;
/** Where Linux takes the ports of clients from (ip_local_port_range). */
const EPHEMERAL_PORTS = 32_768;

export function splitConversations(packets: readonly ReplayPacket[]): readonly Conversation[] {
  const all: ReplayPacket[][] = [];
  const current = new Map<string, ReplayPacket[]>();
  for (const packet of packets) {
    const key = keyOf(packet);
    const known = current.get(key);
    if (known !== undefined && !isNewConnection(packet, known)) {
      known.push(packet);
      continue;
    }
    const fresh = [packet];
    current.set(key, fresh);
    all.push(fresh);
  }
  return all.map((own, index) => conversationOf(own, index + 1));
}

const keyOf = ({ protocol, source, destination }: ReplayPacket): string =>
  [protocol, ...[formatEndpoint(source), formatEndpoint(destination)].sort()].join(' ');

/** A SYN of an endpoint that has sent before, and not this one: the ports are used again. */
function isNewConnection(packet: ReplayPacket, known: readonly ReplayPacket[]): boolean {
  if (!isSyn(packet)) return false;
  const own = known.filter(({ source }) => sameEndpoint(source, packet.source));
  return own.length > 0 && !own.some((other) => sameSyn(other, packet));
}

const sameSyn = (left: ReplayPacket, right: ReplayPacket): boolean =>
  isSyn(left) && left.tcp?.sequence === right.tcp?.sequence;

const isSyn = ({ tcp }: ReplayPacket): boolean =>
  tcp !== null && (tcp.flags & (TCP_FLAG.SYN | TCP_FLAG.ACK)) === TCP_FLAG.SYN;

const isSynAck = ({ tcp }: ReplayPacket): boolean =>
  tcp !== null && (tcp.flags & (TCP_FLAG.SYN | TCP_FLAG.ACK)) === (TCP_FLAG.SYN | TCP_FLAG.ACK);

export const sameEndpoint = (left: ScriptEndpoint, right: ScriptEndpoint): boolean =>
  left.port === right.port && left.address === right.address;

function conversationOf(packets: readonly ReplayPacket[], number: number): Conversation {
  const [client, server] = sidesOf(packets);
  return {
    number,
    protocol: packets[0]?.protocol ?? 0,
    client,
    server,
    packets: packets.map((packet) => ({
      ...packet,
      from: sameEndpoint(packet.source, client) ? 'client' : 'server',
    })),
  };
}

/** Client and server. A capture that began too late has no SYN: then ports tell, or who was heard first. */
function sidesOf(packets: readonly ReplayPacket[]): readonly [ScriptEndpoint, ScriptEndpoint] {
  const nobody = { address: '', port: 0 };
  const { source, destination } = packets[0] ?? { source: nobody, destination: nobody };
  const syn = packets.find(isSyn);
  if (syn) return [syn.source, syn.destination];
  const answer = packets.find(isSynAck);
  if (answer) return [answer.destination, answer.source];
  return isService(source, destination) ? [destination, source] : [source, destination];
}

const isService = (one: ScriptEndpoint, other: ScriptEndpoint): boolean =>
  [SYSTEM_PORTS, EPHEMERAL_PORTS].some((bound) => one.port < bound && other.port >= bound);
