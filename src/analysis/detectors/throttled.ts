// A node lets a flow through at a rate far below what the links give: by dropping what exceeds it (policing) or by
// making it wait (shaping).
import { formatRate } from '../../base/units.ts';
import type { AlignedDirection, AlignedFlow, Stretch } from '../aligned.ts';
import { absentAfter, sightingProofs } from '../describe-packet.ts';
import type { Detector, Finding } from '../finding.ts';
import { describeDelay } from '../skew.ts';
import { describeSuspect, suspect } from '../suspect.ts';
import { type Passage, type Section, quantile, sectionsWithNodes } from './residence.ts';

/** Against bits per second: where no link has a rate, a flow faster than this is held to be unthrottled. */
const FAST = 100e6;
/** The share of the slowest link's rate below which a flow counts as slowed down by somebody else. */
const FAR_BELOW = 0.5;
/** Policing drops and lets through in turns; a block drops once and for all. */
const ENOUGH_TURNS = 2;
/** Shaping needs a queue that builds up: so many packets, for so long (milliseconds). */
const ENOUGH_QUEUED = 8;
const LONG_STAY = 30;

export const detectThrottled: Detector = (flow) => {
  const findings = [flow.reverse, flow.forward].flatMap((direction) =>
    sectionsWithNodes(direction).flatMap((section) => throttling(flow, direction, section) ?? []),
  );
  return findings[0] ?? null;
};

function throttling(
  flow: AlignedFlow,
  direction: AlignedDirection,
  section: Section,
): Finding | null {
  const passages = section.passages.filter(({ trajectory }) => trajectory.packet.length > 0);
  const goodput = goodputOf(passages);
  if (goodput === null || goodput >= linkRate(direction) * FAR_BELOW) return null;
  const { stretch } = section.gap;
  if (isDenied(flow, stretch)) return null;
  const by = suspect(flow.plan, stretch);
  const opening = `throttled to ${formatRate(goodput)} by ${describeSuspect(by, stretch)}`;
  const lost = passages.filter(({ left }) => left === null);
  const [firstLost] = lost;
  if (firstLost && turns(passages) >= ENOUGH_TURNS)
    return {
      cause: 'throttled',
      by,
      time: firstLost.entered,
      summary: `${opening}: ${lost.length} of ${passages.length} segments dropped`,
      proof: [
        ...sightingProofs(flow, firstLost.trajectory),
        ...absentAfter(direction, section.gap),
      ],
    };
  const { error } = section.gap;
  const longest = queued(passages, error / 1000);
  if (!longest) return null;
  const held = `held for ${describeDelay(longest.stay ?? 0, error)}`;
  return {
    cause: 'throttled',
    by,
    time: passages[0]?.entered ?? longest.entered,
    summary: `${opening}: segments ${held.replace('for', 'for up to')}`,
    proof: sightingProofs(flow, longest.trajectory, held),
  };
}

/**
 * Whether only nodes that run the lab's own censors can have done it, and none of these says so: then packets waited for a
 * turn of the machine.
 */
const isDenied = ({ plan, throttledBy }: AlignedFlow, { nodes }: Stretch): boolean =>
  nodes.every((node) => plan.censors.some(({ on }) => on === node) && !throttledBy.includes(node));

/** Bits per second of payload that came out; null for what is too little to speak of a rate. */
function goodputOf(passages: readonly Passage[]): number | null {
  const out = passages.flatMap(({ left, trajectory }) =>
    left === null ? [] : [{ left, length: trajectory.packet.length }],
  );
  const times = out.map(({ left }) => left);
  const begun = times.reduce((least, time) => Math.min(least, time), Infinity);
  const ended = times.reduce((most, time) => Math.max(most, time), -Infinity);
  if (ended <= begun) return null;
  const bytes = out.reduce((sum, { length }) => sum + length, 0);
  return (bytes * 8 * 1e6) / (ended - begun);
}

/** Bits per second that the slowest link of the way gives. */
function linkRate({ points }: AlignedDirection): number {
  const rates = points.flatMap(({ before }) =>
    before.links.map(({ impairment }) => impairment?.rate ?? Infinity),
  );
  const slowest = Math.min(...rates);
  return Number.isFinite(slowest) ? slowest : FAST / FAR_BELOW;
}

/** How many times a packet came through after one was dropped. */
const turns = (passages: readonly Passage[]): number =>
  passages.filter(({ left }, index) => left !== null && passages[index - 1]?.left === null).length;

/** The packet that waited longest, when packets waited ever longer, whatever the error (milliseconds); null when they did not. */
function queued(passages: readonly Passage[], error: number): Passage | null {
  const through = passages.filter(({ stay }) => stay !== null);
  const stays = through.map(({ stay }) => stay ?? 0);
  const long = (quantile(stays, 0.9) ?? 0) - error;
  const usual = (quantile(stays, 0.5) ?? 0) - error;
  const shortest = (quantile(stays, 0) ?? 0) + error;
  const isQueue =
    through.length >= ENOUGH_QUEUED &&
    long >= LONG_STAY &&
    usual >= LONG_STAY / 2 &&
    shortest < long / 4;
  if (!isQueue) return null;
  return through.reduce((most, one) => ((one.stay ?? 0) > (most.stay ?? 0) ? one : most));
}
