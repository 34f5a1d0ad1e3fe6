// Content that is never acknowledged, and whose sender hears nothing that could tell it why. Where captures show that a node ate it, one copy will do; with the
// sender's capture alone it takes several, and where they went is not said. What a link loses is no drop.
import { formatMillis } from '../../base/units.ts';
import type { Signal } from '../../model/verdict.ts';
import { sequenceDistance } from '../../wire/tcp.ts';
import type { AlignedDirection, AlignedFlow, Trajectory } from '../aligned.ts';
import { contentName, describePacket, sightingProofs } from '../describe-packet.ts';
import { isSameContent, lossProofs, lostContent } from '../detectors/loss.ts';
import { disappearance } from '../origin.ts';
import { type SeenPacket, has, sequenceEnd } from '../seen-packet.ts';
import { describeSuspect } from '../suspect.ts';
import { type SignalDetector, bothDirections, named, sideOf } from './signal-detector.ts';

export const signalSilentDrop: SignalDetector = (flow) => {
  const signal = proven(flow);
  if (signal) return [signal];
  if (lostContent(flow) !== null || flow.tuple.protocol !== 'tcp') return [];
  return bothDirections(flow).flatMap((direction) => unanswered(flow, direction) ?? []);
};

function proven(flow: AlignedFlow): Signal | null {
  const lost = lostContent(flow);
  if (lost?.cause !== 'dropped') return null;
  const { direction, trajectory, gap } = lost.chosen;
  const first = lost.copies[0]?.trajectory ?? trajectory;
  // Policing lets later segments through; what drops for good does not.
  if (direction.trajectories.some((one) => isLaterContent(one, first) && arrives(direction, one)))
    return null;
  if (isTold(opposite(flow, direction), first.packet)) return null;
  const copies = copiesOf(flow, direction, first);
  return {
    kind: 'silent-drop',
    side: sideOf(direction),
    detail: [
      describeCopies(flow, first.packet, copies),
      `dropped by ${describeSuspect(lost.by, gap.stretch)}`,
      afterWhat(flow, direction, first),
    ].join('; '),
    proof: lossProofs(flow, lost.chosen),
    ...named(lost.by),
  };
}

const opposite = (
  { forward, reverse }: AlignedFlow,
  direction: AlignedDirection,
): AlignedDirection => (direction === forward ? reverse : forward);

/** An RST, a FIN or an answer in the peer's name: then it was no silence, whoever made it. */
const isTold = ({ trajectories }: AlignedDirection, { time }: SeenPacket): boolean =>
  trajectories.some(
    ({ packet }) =>
      packet.time >= time && (packet.length > 0 || has(packet, 'RST') || has(packet, 'FIN')),
  );

const arrives = (direction: AlignedDirection, one: Trajectory): boolean =>
  disappearance(direction, one) === null;

const isLaterContent = ({ packet }: Trajectory, first: Trajectory): boolean =>
  packet.length > 0 && packet.time > first.packet.time;

/** Copies that a sender's capture alone must hold before silence is more than a bad moment. */
const ENOUGH = 3;

function unanswered(flow: AlignedFlow, direction: AlignedDirection): Signal | null {
  const [sender] = direction.points;
  if (
    sender?.atSender !== true ||
    direction.points.some((point) => !point.atSender && point.complete)
  )
    return null;
  const back = opposite(flow, direction);
  const heard = back.trajectories.map(({ packet }) => packet);
  const reached = highestAcknowledgment(heard);
  const first = direction.trajectories.find(
    ({ packet }) => isContent(packet) && !isAcknowledged(packet, reached),
  );
  if (!first || isTold(back, first.packet)) return null;
  const copies = copiesOf(flow, direction, first);
  if (copies.length < ENOUGH) return null;
  return {
    kind: 'silent-drop',
    side: sideOf(direction),
    detail: [
      describeCopies(flow, first.packet, copies),
      'never acknowledged',
      afterWhat(flow, direction, first),
      `no capture lies beyond ${sender.capture}`,
    ].join('; '),
    proof: copies.flatMap((copy) => sightingProofs(flow, copy)),
  };
}

const isContent = (packet: SeenPacket): boolean =>
  (packet.length > 0 || has(packet, 'SYN')) && !has(packet, 'RST');

function highestAcknowledgment(heard: readonly SeenPacket[]): number | null {
  let highest: number | null = null;
  for (const packet of heard) {
    const { acknowledgment } = packet;
    if (has(packet, 'ACK') && (highest === null || sequenceDistance(acknowledgment, highest) > 0))
      highest = acknowledgment;
  }
  return highest;
}

const isAcknowledged = (packet: SeenPacket, reached: number | null): boolean =>
  reached !== null && sequenceDistance(reached, sequenceEnd(packet)) >= 0;

const copiesOf = (
  flow: AlignedFlow,
  { trajectories }: AlignedDirection,
  first: Trajectory,
): Trajectory[] =>
  trajectories.filter(
    ({ packet }) =>
      isContent(packet) &&
      packet.time >= first.packet.time &&
      isSameContent(flow, packet, first.packet),
  );

/** `ClientHello, seq 1, 517 bytes, from …, sent 5 times in 3.1 s`. */
function describeCopies(
  flow: AlignedFlow,
  packet: SeenPacket,
  copies: readonly Trajectory[],
): string {
  const last = copies.at(-1)?.packet.time ?? packet.time;
  const times =
    copies.length > 1
      ? `sent ${copies.length} times in ${formatMillis((last - packet.time) / 1000)}`
      : 'sent once';
  return `${describePacket(flow, packet)}, ${times}`;
}

/** What the flow had got through before: the last content of this direction that came before the first loss. */
function afterWhat(flow: AlignedFlow, direction: AlignedDirection, first: Trajectory): string {
  const before = direction.trajectories.filter(
    ({ packet }) => isContent(packet) && packet.time < first.packet.time,
  );
  const last = before.at(-1);
  return last
    ? `after ${contentName(last.packet, flow.tuple)} had come through`
    : 'nothing of this side had come through before';
}
