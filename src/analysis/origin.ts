// Where a packet came to be and where it ceased to be, as far as the captures tell.
import { type AlignedDirection, type Gap, type Trajectory, gapBetween } from './aligned.ts';

/**
 * The part of the way in which a packet appeared that no capture nearer to its sender holds; null when it may well come from its
 * sender.
 */
export function appearance(direction: AlignedDirection, trajectory: Trajectory): Gap | null {
  const { points } = direction;
  const before = points.findLastIndex(
    ({ complete }, index) => complete && index < trajectory.first,
  );
  if (before < 0) return null;
  const gap = gapBetween(direction, before, trajectory.first);
  // A bit that a link flipped makes a packet look like another one; its checksum tells.
  const flips = gap.stretch.links.some(({ impairment }) => (impairment?.corruptRatio ?? 0) > 0);
  return flips && !trajectory.packet.intact() ? null : gap;
}

/** The part of the way in which a packet was lost; null when it came as far as the captures reach. */
export function disappearance(direction: AlignedDirection, trajectory: Trajectory): Gap | null {
  const { points } = direction;
  const after = points.findIndex(({ complete }, index) => complete && index > trajectory.last);
  return after < 0 ? null : gapBetween(direction, trajectory.last, after);
}

/** Whether a capture of the sender itself holds the packet. */
export const isFromSender = ({ points }: AlignedDirection, { first }: Trajectory): boolean =>
  points[first]?.atSender === true;

/** Packets that somebody on the way made, in order of time. */
export function injected(
  direction: AlignedDirection,
): { readonly trajectory: Trajectory; readonly gap: Gap }[] {
  return direction.trajectories.flatMap((trajectory) => {
    const gap = appearance(direction, trajectory);
    return gap ? [{ trajectory, gap }] : [];
  });
}
