// A packet that entered a part of the way with one payload and left it with another.
import type { AlignedDirection, AlignedFlow, Trajectory } from '../aligned.ts';
import { gapBetween } from '../aligned.ts';
import { describePacket, sightingProofs } from '../describe-packet.ts';
import type { Detector, Finding } from '../finding.ts';
import { describeSuspect, suspect } from '../suspect.ts';

export const detectTampered: Detector = (flow) => {
  const findings = [flow.reverse, flow.forward].flatMap((direction) =>
    direction.trajectories.flatMap((trajectory) => tampering(flow, direction, trajectory) ?? []),
  );
  return findings.toSorted((left, right) => left.time - right.time)[0] ?? null;
};

function tampering(
  flow: AlignedFlow,
  direction: AlignedDirection,
  trajectory: Trajectory,
): Finding | null {
  const { altered, sightings, packet } = trajectory;
  const before = sightings.findLastIndex((seen, index) => index < altered && seen !== null);
  const after = sightings[altered];
  if (altered < 0 || before < 0 || !after) return null;
  const gap = gapBetween(direction, before, altered);
  // A flipped bit on a link that flips bits is no tampering: the receiver drops such a packet for its checksum.
  const flips = gap.stretch.links.some(({ impairment }) => (impairment?.corruptRatio ?? 0) > 0);
  if (flips && !after.intact()) return null;
  const by = suspect(flow.plan, gap.stretch);
  const who = describeSuspect(by, gap.stretch);
  const asSeen = sightings.map((seen, index) => (index >= altered ? null : seen));
  const asChanged = sightings.map((seen, index) => (index < altered ? null : seen));
  return {
    cause: 'tampered',
    by,
    time: after.time,
    summary: `payload changed by ${who}: ${describePacket(flow, packet)}`,
    proof: [
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
    ],
  };
}
