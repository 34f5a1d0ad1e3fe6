// Segments that were sent again, as the sender's own capture has them, by what made the sender do so: its timer (RFC 6298), duplicate
// acknowledgments (RFC 5681 section 3.2), or nothing that was lost.
import { formatMillis } from '../../base/units.ts';
import type { Signal } from '../../model/verdict.ts';
import { sequenceDistance } from '../../wire/tcp.ts';
import type { AlignedDirection, AlignedFlow, Trajectory } from '../aligned.ts';
import { sightingProofs } from '../describe-packet.ts';
import { type SeenPacket, has, sequenceEnd } from '../seen-packet.ts';
import { type SignalDetector, bothDirections, sideOf } from './signal-detector.ts';

/** One may be a busy machine. */
const ENOUGH = 2;
/** Milliseconds: no timer of Linux fires earlier (TCP_RTO_MIN). */
const SHORTEST_TIMER = 200;
const DUPLICATES = 3;

export const signalRetransmission: SignalDetector = (flow) =>
  flow.tuple.protocol === 'tcp'
    ? bothDirections(flow).flatMap((direction) => retransmissionsOf(flow, direction) ?? [])
    : [];

type Kind = 'fast' | 'timer' | 'other';

interface Resend {
  readonly trajectory: Trajectory;
  /** Milliseconds since it was sent the last time. */
  readonly wait: number;
  readonly kind: Kind;
  /** What it says had come through before. */
  readonly isSpurious: boolean;
}

function retransmissionsOf(flow: AlignedFlow, direction: AlignedDirection): Signal | null {
  if (direction.points[0]?.atSender !== true) return null;
  const acknowledgments = acknowledgmentsAt(flow, direction);
  const sent = new Map<number, Trajectory>();
  const resends: Resend[] = [];
  for (const trajectory of direction.trajectories) {
    const { packet, first } = trajectory;
    if (first !== 0 || has(packet, 'RST') || sequenceEnd(packet) === packet.sequence) continue;
    const earlier = sent.get(packet.sequence);
    if (earlier) resends.push(resendOf(direction, trajectory, earlier, acknowledgments));
    sent.set(packet.sequence, trajectory);
  }
  if (resends.length < ENOUGH) return null;
  return {
    kind: 'retransmission',
    side: sideOf(direction),
    detail: describeResends(resends),
    proof: resends
      .slice(0, SHOWN)
      .flatMap(({ trajectory, wait }) =>
        sightingProofs(flow, trajectory, `sent again after ${formatMillis(wait)}`).slice(0, 1),
      ),
  };
}

/** Retransmissions that are proof enough. */
const SHOWN = 8;

/** What comes back to the sender, in order of time. */
function acknowledgmentsAt(flow: AlignedFlow, direction: AlignedDirection): SeenPacket[] {
  const back = direction === flow.forward ? flow.reverse : flow.forward;
  const sender = direction.points[0]?.node;
  const point = back.points.findLastIndex(({ node }) => node === sender);
  return back.trajectories
    .flatMap(({ sightings }) => sightings[point] ?? [])
    .filter((packet) => has(packet, 'ACK') && !has(packet, 'RST'))
    .toSorted((left, right) => left.time - right.time);
}

function resendOf(
  direction: AlignedDirection,
  trajectory: Trajectory,
  earlier: Trajectory,
  acknowledgments: readonly SeenPacket[],
): Resend {
  const { packet } = trajectory;
  const wait = (packet.time - earlier.packet.time) / 1000;
  const between = acknowledgments.slice(
    indexAfter(acknowledgments, earlier.packet.time),
    indexAfter(acknowledgments, packet.time),
  );
  const duplicates = between.filter(
    ({ acknowledgment, length }) => acknowledgment === packet.sequence && length === 0,
  );
  const receiver = direction.points.findIndex(({ atReceiver }) => atReceiver);
  const end = sequenceEnd(packet);
  return {
    trajectory,
    wait,
    kind: duplicates.length >= DUPLICATES ? 'fast' : wait >= SHORTEST_TIMER ? 'timer' : 'other',
    isSpurious:
      between.some(({ acknowledgment }) => sequenceDistance(acknowledgment, end) >= 0) ||
      (receiver >= 0 && earlier.sightings[receiver] != null),
  };
}

/** How many of them, in order of time, came no later than that. */
function indexAfter(packets: readonly SeenPacket[], time: number): number {
  let [low, high] = [0, packets.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((packets[middle]?.time ?? Infinity) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `5 segments sent again: 4 by timer after 200 ms, 400 ms, 800 ms, 1.60 s, each twice as long; 1 by duplicate …`. */
function describeResends(resends: readonly Resend[]): string {
  const of = (kind: Kind): Resend[] => resends.filter((resend) => resend.kind === kind);
  const timer = of('timer');
  const waits = timer.map(({ wait }) => wait);
  const listed = waits.slice(0, SHOWN).map(formatMillis).join(', ');
  const spurious = resends.filter(({ isSpurious }) => isSpurious).length;
  const counts = [
    ...(timer.length > 0
      ? [`${timer.length} by timer after ${listed}${isBackOff(timer) ? ' (back-off)' : ''}`]
      : []),
    ...counted(of('fast').length, 'by duplicate acknowledgments'),
    ...counted(of('other').length, 'sooner than a timer'),
    ...counted(spurious, 'of what had come through'),
  ];
  return `${resends.length} segments sent again: ${counts.join('; ')}`;
}

const counted = (count: number, what: string): string[] => (count > 0 ? [`${count} ${what}`] : []);

/** One segment, each wait about twice the one before (RFC 6298 section 5.5). */
function isBackOff(timer: readonly Resend[]): boolean {
  const [first] = timer;
  const isOne = timer.every(
    ({ trajectory }) => trajectory.packet.sequence === first?.trajectory.packet.sequence,
  );
  return (
    isOne &&
    timer.length >= 2 &&
    timer.slice(1).every(({ wait }, index) => {
      const ratio = wait / (timer[index]?.wait ?? wait);
      return ratio > 1.5 && ratio < 2.5;
    })
  );
}
