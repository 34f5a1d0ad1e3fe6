// Packets that were sent, never came out of a part of the way, and were not made up for by a retransmission.
import type { Plan } from '../../model/plan.ts';
import type { Cause } from '../../model/verdict.ts';
import { sequenceDistance } from '../../wire/tcp.ts';
import type { AlignedDirection, AlignedFlow, Gap, Trajectory } from '../aligned.ts';
import { absentAfter, contentName, sightingProofs } from '../describe-packet.ts';
import type { Detector, Finding } from '../finding.ts';
import { disappearance } from '../origin.ts';
import { type SeenPacket, sequenceEnd } from '../seen-packet.ts';
import { describeSuspect, suspect } from '../suspect.ts';

export const detectDropped: Detector = (flow) => lossFinding(flow, 'dropped');
export const detectLinkLoss: Detector = (flow) => lossFinding(flow, 'link-loss');

interface Loss {
  readonly direction: AlignedDirection;
  readonly trajectory: Trajectory;
  readonly gap: Gap;
}

function lossFinding(flow: AlignedFlow, cause: Cause): Finding | null {
  const losses = unrecoveredLosses(flow);
  const [first] = losses;
  if (!first) return null;
  // Of a packet sent again and again, one copy may be lost on a link and the others be eaten by a node.
  const copies = losses.filter(
    ({ direction, trajectory }) =>
      direction === first.direction &&
      isSameContent(flow, trajectory.packet, first.trajectory.packet),
  );
  const eaten = copies.find(({ gap }) => lossCause(flow.plan, gap, copies.length) === 'dropped');
  const chosen = eaten ?? first;
  if (cause !== (eaten ? 'dropped' : 'link-loss')) return null;
  const { direction, trajectory, gap } = chosen;
  const what = contentName(trajectory.packet, flow.tuple);
  const times = copies.length > 1 ? `, ${copies.length} times` : '';
  const by = eaten ? culprit(flow.plan, gap) : null;
  const networks = gap.stretch.links.map(({ network }) => network).join(', ');
  return {
    cause,
    by,
    time: first.trajectory.packet.time,
    summary: eaten
      ? `${what} dropped by ${describeSuspect(by, gap.stretch)}${times}`
      : `${what} lost on network ${networks}${times}`,
    proof: [...sightingProofs(flow, trajectory), ...absentAfter(direction, gap)],
  };
}

/** In order of time. A lost acknowledgment alone stops nothing: the next one says the same. */
function unrecoveredLosses(flow: AlignedFlow): Loss[] {
  return [flow.forward, flow.reverse]
    .flatMap((direction) => {
      const arrived = direction.trajectories.filter((one) => !disappearance(direction, one));
      const isRecovered = recovery(flow, arrived);
      return direction.trajectories.flatMap((trajectory): Loss[] => {
        const { packet } = trajectory;
        // What was sent as the attempt ended may only have been on its way when the captures did.
        if (packet.time >= flow.observation.end) return [];
        if (flow.tuple.protocol === 'tcp' && sequenceEnd(packet) === packet.sequence) return [];
        const gap = disappearance(direction, trajectory);
        return gap && !isRecovered(packet) ? [{ direction, trajectory, gap }] : [];
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

const isSameContent = (flow: AlignedFlow, left: SeenPacket, right: SeenPacket): boolean =>
  flow.tuple.protocol === 'tcp'
    ? left.sequence === right.sequence
    : left.length === right.length && left.digest === right.digest;

/** Losses of one packet after which chance is no explanation on a link that loses some. */
const BEYOND_CHANCE = 3;

function lossCause(plan: Plan, { stretch }: Gap, copies: number): 'dropped' | 'link-loss' {
  const { nodes, links } = stretch;
  if (nodes.length === 0) return 'link-loss';
  const isLossy = links.some(
    ({ impairment }) =>
      impairment !== null &&
      (impairment.lossRatio > 0 || impairment.corruptRatio > 0 || impairment.rate !== null),
  );
  if (!isLossy) return 'dropped';
  const isCensored = plan.censors.some(({ on }) => nodes.includes(on));
  return isCensored && copies >= BEYOND_CHANCE ? 'dropped' : 'link-loss';
}

/** Only a node on the way can eat a packet; of several, the only one with a censor that can. */
function culprit(plan: Plan, { stretch }: Gap): string | null {
  const inPath = {
    ...plan,
    censors: plan.censors.filter(({ position }) => position === 'in-path'),
  };
  return suspect(inPath, stretch);
}
