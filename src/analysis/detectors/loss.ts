// Packets that were sent, never came out of a part of the way, and were not made up for by a retransmission.
import type { Plan } from '../../model/plan.ts';
import type { Proof } from '../../model/verdict.ts';
import type { AlignedFlow, Gap } from '../aligned.ts';
import { absentAfter, contentName, sightingProofs } from '../describe-packet.ts';
import type { Detector, Finding } from '../finding.ts';
import type { SeenPacket } from '../seen-packet.ts';
import { describeSuspect, suspect } from '../suspect.ts';
import { type Loss, unrecoveredLosses } from './losses.ts';

export const detectDropped: Detector = (flow) => lossFinding(flow, 'dropped');
export const detectLinkLoss: Detector = (flow) => lossFinding(flow, 'link-loss');

/** The first content of a flow that never came to any good. */
export interface LostContent {
  /** Copies of it that were lost, in order of time. */
  readonly copies: readonly Loss[];
  /** The copy that tells most: one that a node ate, if there is one. */
  readonly chosen: Loss;
  readonly cause: 'dropped' | 'link-loss';
  /** Of `dropped`: who did it, as far as the captures tell. */
  readonly by: string | null;
}

export function lostContent(flow: AlignedFlow): LostContent | null {
  const losses = unrecoveredLosses(flow).filter(({ notice }) => !notice);
  const [first] = losses;
  if (!first) return null;
  // Of a packet sent again and again, one copy may be lost on a link and the others be eaten by a node.
  const copies = losses.filter(
    ({ direction, trajectory }) =>
      direction === first.direction &&
      isSameContent(flow, trajectory.packet, first.trajectory.packet),
  );
  const eaten = copies.find(
    ({ gap, isCorrupted }) =>
      !isCorrupted && lossCause(flow.plan, gap, copies.length) === 'dropped',
  );
  return eaten
    ? { copies, chosen: eaten, cause: 'dropped', by: culprit(flow.plan, eaten.gap) }
    : { copies, chosen: first, cause: 'link-loss', by: null };
}

function lossFinding(flow: AlignedFlow, cause: 'dropped' | 'link-loss'): Finding | null {
  const lost = lostContent(flow);
  if (lost?.cause !== cause) return null;
  const { copies, chosen, by } = lost;
  const { trajectory, gap, isCorrupted } = chosen;
  const what = contentName(trajectory.packet, flow.tuple);
  const times = copies.length > 1 ? `, ${copies.length} times` : '';
  const networks = gap.stretch.links
    .filter(({ impairment }) => !isCorrupted || (impairment?.corruptRatio ?? 0) > 0)
    .map(({ network }) => network)
    .join(', ');
  return {
    cause,
    by,
    time: copies[0]?.trajectory.packet.time ?? trajectory.packet.time,
    summary:
      cause === 'dropped'
        ? `${what} dropped by ${describeSuspect(by, gap.stretch)}${times}`
        : `${what} ${isCorrupted ? 'corrupted' : 'lost'} on network ${networks}${times}`,
    proof: lossProofs(flow, chosen),
  };
}

/** Where it was seen last, and that it is in no capture after that. */
export const lossProofs = (
  flow: AlignedFlow,
  { direction, trajectory, gap, isCorrupted }: Loss,
): Proof[] => [
  ...sightingProofs(flow, trajectory),
  ...(isCorrupted ? [] : absentAfter(direction, gap)),
];

export const isSameContent = (flow: AlignedFlow, left: SeenPacket, right: SeenPacket): boolean =>
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
