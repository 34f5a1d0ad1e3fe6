// Packets in a few words, for summaries and proofs.
import type { FiveTuple } from '../model/observation.ts';
import type { Proof } from '../model/verdict.ts';
import { latin1, readU16 } from '../wire/bytes.ts';
import { DNS_HEADER_LENGTH } from '../wire/dns.ts';
import { TCP_FLAG, formatTcpFlags, sequenceDistance } from '../wire/tcp.ts';
import { TLS_CLIENT_HELLO, TLS_HANDSHAKE, TLS_RECORD_HEADER_LENGTH } from '../wire/tls.ts';
import type { AlignedDirection, AlignedFlow, Gap, Trajectory } from './aligned.ts';
import { type SeenPacket, has } from './seen-packet.ts';

const DNS_PORT = 53;

/** `SYN`, `ClientHello`, `HTTP request`, `DNS query`, `FIN`, `data`. */
export function contentName(packet: SeenPacket, tuple: FiveTuple): string {
  if (tuple.protocol === 'tcp') {
    if (has(packet, 'RST')) return 'RST';
    if (has(packet, 'SYN')) return has(packet, 'ACK') ? 'SYN+ACK' : 'SYN';
    if (packet.length === 0) return has(packet, 'FIN') ? 'FIN' : 'ACK';
  }
  const payload = packet.payload();
  if (tuple.destinationPort === DNS_PORT && payload.length >= DNS_HEADER_LENGTH)
    return packet.forward ? 'DNS query' : 'DNS answer';
  if (payload[0] === TLS_HANDSHAKE && payload[TLS_RECORD_HEADER_LENGTH] === TLS_CLIENT_HELLO)
    return 'ClientHello';
  const start = latin1(payload, 0, Math.min(payload.length, 16));
  if (isHttpResponse(packet)) return 'HTTP response';
  if (/^(GET|POST|HEAD|PUT|DELETE|OPTIONS|CONNECT|PATCH|TRACE) /.test(start)) return 'HTTP request';
  return tuple.protocol === 'udp' ? 'datagram' : 'data';
}

export const isHttpResponse = (packet: SeenPacket): boolean =>
  latin1(packet.payload(), 0, 7) === 'HTTP/1.';

/** `RST+ACK, seq 1, from 10.10.2.2:443`, sequence numbers counted from the SYN as Wireshark does. */
export function describePacket(flow: AlignedFlow, packet: SeenPacket): string {
  const { tuple } = flow;
  const from = packet.forward
    ? endpoint(tuple.source, tuple.sourcePort)
    : endpoint(tuple.destination, tuple.destinationPort);
  const name = contentName(packet, tuple);
  const bytes = packet.length > 0 ? [`${packet.length} bytes`] : [];
  if (tuple.protocol === 'udp') return [name, ...bytes, `from ${from}`].join(', ');
  const control = TCP_FLAG.SYN | TCP_FLAG.FIN | TCP_FLAG.RST;
  const words = (packet.flags & control) === 0 ? name : formatTcpFlags(packet.flags);
  return [words, `seq ${relativeSequence(flow, packet)}`, ...bytes, `from ${from}`].join(', ');
}

export const directionOf = (flow: AlignedFlow, packet: SeenPacket): AlignedDirection =>
  packet.forward ? flow.forward : flow.reverse;

/** Counted from the initial sequence number where a capture has it, absolute otherwise. */
function relativeSequence(flow: AlignedFlow, packet: SeenPacket): number {
  const { trajectories } = directionOf(flow, packet);
  const start = trajectories.find((one) => has(one.packet, 'SYN'))?.packet.sequence;
  return start === undefined ? packet.sequence : sequenceDistance(packet.sequence, start) >>> 0;
}

const endpoint = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** The sightings of a packet, the one nearest to the client first, each with `note` or what the packet is. */
export function sightingProofs(flow: AlignedFlow, trajectory: Trajectory, note?: string): Proof[] {
  const direction = directionOf(flow, trajectory.packet);
  const proofs = trajectory.sightings.flatMap((packet, index) => {
    const point = direction.points[index];
    if (!packet || !point) return [];
    const text = note ?? describePacket(flow, packet);
    return [{ capture: packet.capture, frame: packet.frame, note: text }];
  });
  return direction.side === 'forward' ? proofs : proofs.reverse();
}

/** That a packet which appeared in the gap is in no capture before it, the sender's first. */
export const absentBefore = ({ points }: AlignedDirection, gap: Gap): Proof[] =>
  points
    .slice(0, gap.from + 1)
    .filter(({ complete }) => complete)
    .map(({ capture, node, atSender }) => ({
      capture,
      frame: null,
      note: atSender ? `no such packet left ${node}` : `no such packet passed ${capture}`,
    }));

/** That a packet which was lost in the gap is in no capture behind it, the receiver's first. */
export const absentAfter = ({ points }: AlignedDirection, gap: Gap): Proof[] =>
  points
    .slice(gap.to)
    .filter(({ complete }) => complete)
    .reverse()
    .map(({ capture, node, atReceiver }) => ({
      capture,
      frame: null,
      note: atReceiver ? `no such packet reached ${node}` : `no such packet passed ${capture}`,
    }));

/** What IP headers betray: `TTL 64 where packets of server have 63`, or nothing. */
export function headerJump(flow: AlignedFlow, { packet, first }: Trajectory): string[] {
  const direction = directionOf(flow, packet);
  const genuine = direction.trajectories.find(
    (one) => one.first < first && one.sightings[first] != null,
  )?.sightings[first];
  if (!genuine) return [];
  const sender = packet.forward ? flow.client : (flow.server ?? 'the server');
  const ttl =
    genuine.ttl === packet.ttl
      ? []
      : [`TTL ${packet.ttl} where packets of ${sender} have ${genuine.ttl}`];
  const forgedId = packet.ipId === 0 && genuine.ipId !== 0;
  return forgedId ? [...ttl, `IP-ID 0 where packets of ${sender} have others`] : ttl;
}

/** The transaction identifier of a DNS message. */
export const dnsId = (packet: SeenPacket): number => readU16(packet.payload(), 0);
