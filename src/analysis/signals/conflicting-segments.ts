// Two segments for one place of the stream that do not agree, as their receiver got them: other bytes, another TTL, or two SYN+ACKs that
// begin at different numbers. At least one of them is not from whom it says.
import type { Signal } from '../../model/verdict.ts';
import type { AlignedDirection, AlignedFlow } from '../aligned.ts';
import { describePacket, sightingProofs } from '../describe-packet.ts';
import { type SeenPacket, has } from '../seen-packet.ts';
import {
  type Sighting,
  type SignalDetector,
  bothDirections,
  sideOf,
  sightingsAt,
} from './signal-detector.ts';

export const signalConflictingSegments: SignalDetector = (flow) =>
  flow.tuple.protocol === 'tcp'
    ? bothDirections(flow).flatMap((direction) => conflictIn(flow, direction) ?? [])
    : [];

interface Conflict {
  readonly first: Sighting;
  readonly second: Sighting;
  readonly text: string;
}

function conflictIn(flow: AlignedFlow, direction: AlignedDirection): Signal | null {
  const point = direction.points.findLastIndex(({ atReceiver }) => atReceiver);
  if (point < 0) return null;
  const conflicts = conflictsAmong(sightingsAt(direction, point));
  const [found] = conflicts;
  if (!found) return null;
  const { first, second, text } = found;
  const more = conflicts.length > 1 ? [`${conflicts.length} such pairs`] : [];
  return {
    kind: 'conflicting-segments',
    side: sideOf(direction),
    detail: [describePacket(flow, first.packet), text, ...more].join('; '),
    proof: [
      ...sightingProofs(flow, first.trajectory),
      ...sightingProofs(flow, second.trajectory, `${describePacket(flow, second.packet)}, ${text}`),
    ],
  };
}

function conflictsAmong(sightings: readonly Sighting[]): Conflict[] {
  const known = new Map<string, Sighting>();
  const conflicts: Conflict[] = [];
  for (const sighting of sightings) {
    const { packet } = sighting;
    const key = placeOf(packet);
    if (key === null) continue;
    const first = known.get(key);
    if (!first) known.set(key, sighting);
    const text = first ? disagreement(first.packet, packet) : null;
    // A receiver drops what a link has spoilt for its checksum.
    if (first && text !== null && first.packet.intact() && packet.intact())
      conflicts.push({ first, second: sighting, text });
  }
  return conflicts;
}

/** Segments with the same place are to say the same; null for those that have none. One byte may be a keep-alive (RFC 9293 section 3.8.4). */
function placeOf(packet: SeenPacket): string | null {
  if (has(packet, 'RST')) return null;
  if (has(packet, 'SYN')) return has(packet, 'ACK') ? `SYN+ACK ${packet.acknowledgment}` : null;
  return packet.length > 1 ? String(packet.sequence) : null;
}

function disagreement(first: SeenPacket, second: SeenPacket): string | null {
  if (first.sequence !== second.sequence)
    return `two of them begin at ${first.sequence} and ${second.sequence}`;
  const offset = differenceAt(first.payload(), second.payload());
  if (offset !== null) return `said again with other bytes from byte ${offset} on`;
  return first.ttl === second.ttl ? null : `said again with TTL ${second.ttl} for ${first.ttl}`;
}

/** A retransmission may be shorter or longer: what both have is compared. */
function differenceAt(left: Uint8Array, right: Uint8Array): number | null {
  const shorter = Math.min(left.length, right.length);
  for (let at = 0; at < shorter; at += 1) if (left[at] !== right[at]) return at;
  return null;
}
