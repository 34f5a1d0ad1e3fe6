// Which packets of a flow never came to any good, and where on their way.
import { sequenceDistance } from '../../wire/tcp.ts';
import type { AlignedDirection, AlignedFlow, Gap, PlacedNotice, Trajectory } from '../aligned.ts';
import { gapBetween } from '../aligned.ts';
import { disappearance } from '../origin.ts';
import { type SeenPacket, sequenceEnd } from '../seen-packet.ts';

export interface Loss {
  readonly direction: AlignedDirection;
  readonly trajectory: Trajectory;
  readonly gap: Gap;
  /** It came as far as the captures reach, but a link flipped a bit of it: its receiver drops it for its checksum. */
  readonly isCorrupted: boolean;
  /** A router's word that it was too big for the next link. */
  readonly notice: PlacedNotice | null;
}

/** In order of time. A lost acknowledgment alone stops nothing: the next one says the same. */
export function unrecoveredLosses(flow: AlignedFlow): Loss[] {
  return [flow.forward, flow.reverse]
    .flatMap((direction) => {
      const arrived = direction.trajectories.filter(
        (one) => !disappearance(direction, one) && !corruption(direction, one),
      );
      const isRecovered = recovery(flow, arrived);
      return direction.trajectories.flatMap((trajectory): Loss[] => {
        const { packet } = trajectory;
        // What was sent as the attempt ended may only have been on its way when the captures did.
        if (packet.time + flow.error >= flow.observation.end) return [];
        if (flow.tuple.protocol === 'tcp' && sequenceEnd(packet) === packet.sequence) return [];
        const corrupted = corruption(direction, trajectory);
        const gap = corrupted ?? disappearance(direction, trajectory);
        if (!gap || isRecovered(packet)) return [];
        const notice = sizeNotice(flow, trajectory);
        return [{ direction, trajectory, gap, isCorrupted: corrupted !== null, notice }];
      });
    })
    .toSorted((left, right) => left.trajectory.packet.time - right.trajectory.packet.time);
}

/** Whether the beginning of a lost packet came through in another. */
function recovery(
  flow: AlignedFlow,
  arrived: readonly Trajectory[],
): (packet: SeenPacket) => boolean {
  if (flow.tuple.protocol === 'udp') {
    const digests = new Set(arrived.map(({ packet }) => `${packet.length}/${packet.digest ?? ''}`));
    return ({ length, digest }) => digests.has(`${length}/${digest ?? ''}`);
  }
  const base = arrived[0]?.packet.sequence ?? 0;
  const ranges = mergeRanges(
    arrived.map(({ packet }) => {
      const start = sequenceDistance(packet.sequence, base);
      return [start, start + sequenceDistance(sequenceEnd(packet), packet.sequence)] as const;
    }),
  );
  return ({ sequence }) => {
    const at = sequenceDistance(sequence, base);
    return ranges.some(([start, end]) => start <= at && at < end);
  };
}

function mergeRanges(ranges: readonly (readonly [number, number])[]): [number, number][] {
  const merged: [number, number][] = [];
  for (const [start, end] of ranges.toSorted((left, right) => left[0] - right[0])) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else if (end > start) merged.push([start, end]);
  }
  return merged;
}

/** The part of the way in which a link that flips bits changed a packet that its checksum gives away, or null. */
function corruption(direction: AlignedDirection, trajectory: Trajectory): Gap | null {
  const { altered, sightings, last } = trajectory;
  const before = sightings.findLastIndex((seen, index) => index < altered && seen !== null);
  if (altered < 0 || before < 0 || sightings[last]?.intact() !== false) return null;
  const gap = gapBetween(direction, before, altered);
  const flips = gap.stretch.links.some(({ impairment }) => (impairment?.corruptRatio ?? 0) > 0);
  return flips ? gap : null;
}

const UDP_HEADER_LENGTH = 8;

/** What a router said of a packet that was too big for the next link. */
export function sizeNotice(
  { tuple, notices }: AlignedFlow,
  { packet }: Trajectory,
): PlacedNotice | null {
  const headers = (tuple.source.includes(':') ? 40 : 20) + UDP_HEADER_LENGTH;
  const isQuoted = ({ about, quoted }: PlacedNotice): boolean =>
    about === 'size' &&
    (quoted.destination === tuple.destination &&
      quoted.destinationPort === tuple.destinationPort) === packet.forward &&
    quoted.ipId === packet.ipId &&
    quoted.sequence === packet.sequence &&
    (tuple.protocol === 'tcp' || quoted.size === headers + packet.length);
  return notices.find(isQuoted) ?? null;
}
