// A node lets a flow through at a rate far below what the links give: by dropping what exceeds it (policing) or by
// making it wait (shaping).
import { formatRate } from '../../base/units.ts';
import type { Proof } from '../../model/verdict.ts';
import type { AlignedDirection, AlignedFlow, Stretch } from '../aligned.ts';
import { absentAfter, sightingProofs } from '../describe-packet.ts';
import type { Detector, Finding } from '../finding.ts';
import { describeDelay } from '../skew.ts';
import { describeSuspect, suspect } from '../suspect.ts';
import { sizeNotice } from './losses.ts';
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

/** How one node slows down one direction. */
export interface Throttling {
  readonly kind: 'policing' | 'shaping';
  readonly direction: AlignedDirection;
  readonly section: Section;
  /** Of the segments with payload. */
  readonly passages: readonly Passage[];
  /** Bits per second of payload that came out. */
  readonly goodput: number;
  /** The first that was dropped, or the one that waited longest. */
  readonly witness: Passage;
}

export const detectThrottled: Detector = (flow) => {
  const [first] = throttlings(flow);
  return first ? throttledFinding(flow, first) : null;
};

/** Those towards the client first. */
export const throttlings = (flow: AlignedFlow): Throttling[] =>
  [flow.reverse, flow.forward].flatMap((direction) =>
    sectionsWithNodes(direction).flatMap((section) => throttling(flow, direction, section) ?? []),
  );

function throttling(
  flow: AlignedFlow,
  direction: AlignedDirection,
  section: Section,
): Throttling | null {
  const passages = section.passages.filter(
    ({ trajectory, left }) =>
      trajectory.packet.length > 0 &&
      // How much fits is found out by what does not (RFC 8899): no rate has to do with it.
      !(left === null && sizeNotice(flow, trajectory)),
  );
  const goodput = goodputOf(passages);
  if (goodput === null || goodput >= linkRate(direction) * FAR_BELOW) return null;
  if (isDenied(flow, section.gap.stretch)) return null;
  const common = { direction, section, passages, goodput };
  const lost = passages.find(({ left }) => left === null);
  if (lost && turns(passages) >= ENOUGH_TURNS)
    return { ...common, kind: 'policing', witness: lost };
  const longest = queued(passages, section.gap.error / 1000);
  return longest ? { ...common, kind: 'shaping', witness: longest } : null;
}

function throttledFinding(flow: AlignedFlow, found: Throttling): Finding {
  const { kind, section, passages, goodput, witness } = found;
  const { stretch, error } = section.gap;
  const by = suspect(flow.plan, stretch);
  const opening = `throttled to ${formatRate(goodput)} by ${describeSuspect(by, stretch)}`;
  const proof = throttlingProofs(flow, found);
  if (kind === 'policing') {
    const lost = passages.filter(({ left }) => left === null).length;
    const summary = `${opening}: ${lost} of ${passages.length} segments dropped`;
    return { cause: 'throttled', by, time: witness.entered, summary, proof };
  }
  const held = describeDelay(witness.stay ?? 0, error);
  const summary = `${opening}: segments held for up to ${held}`;
  const time = passages[0]?.entered ?? witness.entered;
  return { cause: 'throttled', by, time, summary, proof };
}

/** A segment that never came out, or the one that waited longest. */
export function throttlingProofs(flow: AlignedFlow, found: Throttling): Proof[] {
  const { kind, direction, section, witness } = found;
  if (kind === 'policing')
    return [...sightingProofs(flow, witness.trajectory), ...absentAfter(direction, section.gap)];
  const held = `held for ${describeDelay(witness.stay ?? 0, section.gap.error)}`;
  return sightingProofs(flow, witness.trajectory, held);
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
export const turns = (passages: readonly Passage[]): number =>
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
