// What all detectors of injected packets share: the choice among several, the proof and the words.
import { type AlignedFlow, type Gap, type Trajectory } from '../aligned.ts';
import {
  absentBefore,
  describePacket,
  directionOf,
  headerJump,
  sightingProofs,
} from '../describe-packet.ts';
import type { Finding } from '../finding.ts';
import { injected } from '../origin.ts';
import type { SeenPacket } from '../seen-packet.ts';
import { describeSuspect, suspect } from '../suspect.ts';
import type { Cause } from '../../model/verdict.ts';

export interface Injection {
  readonly trajectory: Trajectory;
  readonly gap: Gap;
}

/** Injected packets of the wished kind in order of time; what went to the client before what went to the server. */
export function injectionsOf(
  flow: AlignedFlow,
  isKind: (packet: SeenPacket) => boolean,
): Injection[] {
  const inTime = (direction: AlignedFlow['forward']): Injection[] =>
    injected(direction).filter(({ trajectory: { packet } }) => isKind(packet));
  return [...inTime(flow.reverse), ...inTime(flow.forward)];
}

/** The finding that the first of these injections is; `what` opens the summary, `notes` are added to the first proof. */
export function injectionFinding(
  flow: AlignedFlow,
  cause: Cause,
  injections: readonly Injection[],
  what: string,
  remark = '',
): Finding | null {
  const [first] = injections;
  if (!first) return null;
  const { trajectory, gap } = first;
  const direction = directionOf(flow, trajectory.packet);
  const by = suspect(flow.plan, gap.stretch);
  const note = [describePacket(flow, trajectory.packet), ...headerJump(flow, trajectory)];
  return {
    cause,
    by,
    time: Math.min(...injections.map((one) => one.trajectory.packet.time)),
    summary: `${what} injected by ${describeSuspect(by, gap.stretch)}${remark}`,
    proof: [...sightingProofs(flow, trajectory, note.join('; ')), ...absentBefore(direction, gap)],
  };
}
