// RSTs that their sender did not send: proven where a capture nearer to it lacks them, and else told by their headers. Where the
// sender's own capture holds them, headers say nothing.
import type { Signal } from '../../model/verdict.ts';
import { formatTcpFlags } from '../../wire/tcp.ts';
import type { AlignedDirection, AlignedFlow } from '../aligned.ts';
import { absentBefore, describePacket, headerJump, sightingProofs } from '../describe-packet.ts';
import { appearance, injected, isFromSender } from '../origin.ts';
import { has } from '../seen-packet.ts';
import { suspect } from '../suspect.ts';
import { anomaliesOf, isForgedByHeaders } from './header-anomalies.ts';
import {
  type SignalDetector,
  bothDirections,
  named,
  sideOf,
  sightingsAt,
} from './signal-detector.ts';

export const signalInjectedRst: SignalDetector = (flow) =>
  flow.tuple.protocol === 'tcp'
    ? bothDirections(flow).flatMap((direction) => {
        const signal = proven(flow, direction) ?? byHeaders(flow, direction);
        return signal ? [signal] : [];
      })
    : [];

function proven(flow: AlignedFlow, direction: AlignedDirection): Signal | null {
  const resets = injected(direction).filter(({ trajectory }) => has(trajectory.packet, 'RST'));
  const [first] = resets;
  if (!first) return null;
  const { trajectory, gap } = first;
  const [absence] = absentBefore(direction, gap);
  const facts = [
    counted(resets.length, trajectory.packet.flags),
    describePacket(flow, trajectory.packet),
    ...headerJump(flow, trajectory),
    ...(absence ? [absence.note] : []),
  ];
  return {
    kind: 'injected-rst',
    side: sideOf(direction),
    detail: facts.join('; '),
    proof: [...sightingProofs(flow, trajectory), ...absentBefore(direction, gap)],
    ...named(suspect(flow.plan, gap.stretch)),
  };
}

/** At the receiver's capture, of RSTs of which nobody can say where they come from. */
function byHeaders(flow: AlignedFlow, direction: AlignedDirection): Signal | null {
  const point = direction.points.findLastIndex(({ atReceiver }) => atReceiver);
  if (point < 0) return null;
  const seen = sightingsAt(direction, point);
  const resets = seen.filter(
    ({ packet, trajectory }) =>
      has(packet, 'RST') &&
      !isFromSender(direction, trajectory) &&
      !appearance(direction, trajectory),
  );
  const [first] = resets;
  if (!first) return null;
  const anomalies = anomaliesOf(
    first.packet,
    seen.map(({ packet }) => packet),
  );
  if (!isForgedByHeaders(anomalies)) return null;
  const facts = [
    counted(resets.length, first.packet.flags),
    describePacket(flow, first.packet),
    ...anomalies.map(({ text }) => text),
    'told by headers alone',
  ];
  return {
    kind: 'injected-rst',
    side: sideOf(direction),
    detail: facts.join('; '),
    proof: sightingProofs(flow, first.trajectory, anomalies.map(({ text }) => text).join('; ')),
  };
}

const counted = (count: number, flags: number): string => `${count} × ${formatTcpFlags(flags)}`;
