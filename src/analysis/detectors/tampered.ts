// A packet that entered a part of the way with one payload and left it with another.
import type { Proof } from '../../model/verdict.ts';
import type { AlignedDirection, AlignedFlow, Stretch, Trajectory } from '../aligned.ts';
import { gapBetween } from '../aligned.ts';
import { describePacket, sightingProofs } from '../describe-packet.ts';
import type { Detector, Finding } from '../finding.ts';
import type { SeenPacket } from '../seen-packet.ts';
import { describeSuspect, suspect } from '../suspect.ts';

/** One packet that was changed. */
export interface Tampering {
  readonly direction: AlignedDirection;
  readonly trajectory: Trajectory;
  /** What it was last and what it became. */
  readonly before: SeenPacket;
  readonly after: SeenPacket;
  /** The part of the way in which it was changed. */
  readonly stretch: Stretch;
}

export const detectTampered: Detector = (flow) => {
  const [first] = tamperings(flow);
  return first ? tamperedFinding(flow, first) : null;
};

/** In order of time. */
export const tamperings = (flow: AlignedFlow): Tampering[] =>
  [flow.reverse, flow.forward]
    .flatMap((direction) =>
      direction.trajectories.flatMap((trajectory) => tampering(direction, trajectory) ?? []),
    )
    .toSorted((left, right) => left.after.time - right.after.time);

function tampering(direction: AlignedDirection, trajectory: Trajectory): Tampering | null {
  const { altered, sightings } = trajectory;
  if (altered < 0) return null;
  const from = sightings.findLastIndex((seen, index) => index < altered && seen !== null);
  const before = sightings[from];
  const after = sightings[altered];
  if (!before || !after) return null;
  const { stretch } = gapBetween(direction, from, altered);
  // A flipped bit on a link that flips bits is no tampering: the receiver drops such a packet for its checksum.
  const flips = stretch.links.some(({ impairment }) => (impairment?.corruptRatio ?? 0) > 0);
  return flips && !after.intact() ? null : { direction, trajectory, before, after, stretch };
}

function tamperedFinding(flow: AlignedFlow, { trajectory, after, stretch }: Tampering): Finding {
  const by = suspect(flow.plan, stretch);
  const who = describeSuspect(by, stretch);
  return {
    cause: 'tampered',
    by,
    time: after.time,
    summary: `payload changed by ${who}: ${describePacket(flow, trajectory.packet)}`,
    proof: tamperingProofs(flow, trajectory, after),
  };
}

/** The packet as changed, then as sent. */
export function tamperingProofs(
  flow: AlignedFlow,
  trajectory: Trajectory,
  after: SeenPacket,
): Proof[] {
  const { altered, sightings, packet } = trajectory;
  const asSeen = sightings.map((seen, index) => (index >= altered ? null : seen));
  const asChanged = sightings.map((seen, index) => (index < altered ? null : seen));
  return [
    ...sightingProofs(
      flow,
      { ...trajectory, sightings: asChanged },
      `${describePacket(flow, after)}, changed`,
    ),
    ...sightingProofs(
      flow,
      { ...trajectory, sightings: asSeen },
      `${describePacket(flow, packet)}, as sent`,
    ),
  ];
}
