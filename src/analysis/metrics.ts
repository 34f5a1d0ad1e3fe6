// Figures of a flow, from its observations and its packets.
import type { Observation } from '../model/observation.ts';
import type { FlowMetrics } from '../model/verdict.ts';
import { sequenceDistance } from '../wire/tcp.ts';
import type { AlignedDirection, AlignedFlow } from './aligned.ts';
import { type SeenPacket, has, sequenceEnd } from './seen-packet.ts';

/** Figures of one attempt; several connections of one attempt each give a round trip and a rate. */
export interface AttemptMetrics {
  readonly duration: number;
  readonly rtts: readonly number[];
  readonly goodputs: readonly number[];
  readonly received: number;
  readonly retransmissions: number;
}

export function measureAttempt(
  observation: Observation,
  flows: readonly AlignedFlow[],
): AttemptMetrics {
  const received =
    observation.probe === 'run'
      ? flows.reduce((sum, flow) => sum + uniqueBytes(flow, receivedPackets(flow)), 0)
      : observation.received;
  return {
    duration: (observation.end - observation.start) / 1000,
    rtts: flows.flatMap((flow) => roundTripTime(flow) ?? []),
    goodputs: received > 0 ? flows.flatMap((flow) => receivedRate(flow) ?? []) : [],
    received,
    retransmissions: flows
      // Datagrams have no place in a stream.
      .filter(({ tuple }) => tuple.protocol === 'tcp')
      .reduce(
        (sum, { forward, reverse }) => sum + retransmissions(forward) + retransmissions(reverse),
        0,
      ),
  };
}

/** Medians over the attempts; bytes and retransmissions are sums. */
export function combineMetrics(attempts: readonly AttemptMetrics[]): FlowMetrics {
  return {
    duration: median(attempts.map(({ duration }) => duration)),
    rtt: median(attempts.flatMap(({ rtts }) => rtts)),
    goodput: median(attempts.flatMap(({ goodputs }) => goodputs)),
    received: attempts.reduce((sum, { received }) => sum + received, 0),
    retransmissions: attempts.reduce((sum, attempt) => sum + attempt.retransmissions, 0),
  };
}

export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted[Math.floor(sorted.length / 2)];
  const below = sorted[Math.ceil(sorted.length / 2) - 1];
  return middle === undefined || below === undefined ? null : (middle + below) / 2;
}

/** What the client's capture saw of a direction. */
function atClient({ client }: AlignedFlow, direction: AlignedDirection): SeenPacket[] {
  const index = direction.points.findIndex(({ node }) => node === client);
  return direction.trajectories
    .flatMap(({ sightings }) => sightings[index] ?? [])
    .toSorted((left, right) => left.time - right.time);
}

/** Milliseconds from SYN to SYN+ACK, or from the first datagram to the first back. */
export function roundTripTime(flow: AlignedFlow): number | null {
  const isTcp = flow.tuple.protocol === 'tcp';
  const opening = atClient(flow, flow.forward).filter((packet) => !isTcp || has(packet, 'SYN'));
  const [asked, again] = opening;
  const answered = atClient(flow, flow.reverse).find(
    (packet) => !isTcp || (has(packet, 'SYN') && has(packet, 'ACK')),
  );
  if (!asked || !answered) return null;
  // RFC 6298 section 3: of a segment that was sent twice nobody knows which one is answered.
  if (isTcp && again && again.time < answered.time) return null;
  return (answered.time - asked.time) / 1000;
}

/** Bits per second of payload that came to the client between its first and last byte, each counted once. */
export function receivedRate(flow: AlignedFlow): number | null {
  // Two answers to one query are a race, no transfer.
  if (flow.observation.probe === 'dns') return null;
  const packets = receivedPackets(flow);
  const [first] = packets;
  const last = packets.at(-1);
  if (!first || !last || last.time <= first.time) return null;
  // What came with the first packet took its time before it.
  const bytes = uniqueBytes(flow, packets) - first.length;
  return bytes > 0 ? (bytes * 8 * 1e6) / (last.time - first.time) : null;
}

const receivedPackets = (flow: AlignedFlow): SeenPacket[] =>
  atClient(flow, flow.reverse).filter(({ length }) => length > 0);

function uniqueBytes({ tuple }: AlignedFlow, packets: readonly SeenPacket[]): number {
  const [first] = packets;
  if (tuple.protocol === 'udp' || !first)
    return packets.reduce((sum, { length }) => sum + length, 0);
  const ranges = packets
    .map(({ sequence, length }) => {
      const start = sequenceDistance(sequence, first.sequence);
      return [start, start + length] as const;
    })
    .toSorted((left, right) => left[0] - right[0]);
  let bytes = 0;
  let reached = -Infinity;
  for (const [start, end] of ranges) {
    bytes += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  return bytes;
}

/** Segments that say again what was said before, counted nearest to their sender. */
export function retransmissions({ points, trajectories }: AlignedDirection): number {
  if (points.length === 0) return 0;
  let highest: number | null = null;
  let count = 0;
  for (const { first, packet } of trajectories) {
    const end = sequenceEnd(packet);
    if (first !== 0 || end === packet.sequence || has(packet, 'RST')) continue;
    if (highest !== null && sequenceDistance(end, highest) <= 0) count += 1;
    else highest = end;
  }
  return count;
}
