// From exchanges to what a clock says compared with the controller's. The error is a bound and no deviation: each exchange
// proves an interval that holds the offset (Marzullo's, RFC 5905 section 11.2.1), and whatever all of them allow lies within
// it, as long as the machine's clock runs within MOST_DRIFT of the controller's and nobody sets it between exchanges.
import type { ClockRecord } from '../../model/machine.ts';
import { envelopeOf } from './envelope.ts';
import { MOST_DRIFT, driftRange, rangeAt, roomiestDrift, startRange, tightest } from './line.ts';
import { type ClockSample, type OffsetBounds, boundsOf } from './sample.ts';

/** Of a machine that was never asked: nothing is known. */
export const UNKNOWN_CLOCK: ClockRecord = {
  offset: 0,
  at: 0,
  drift: 0,
  error: Number.MAX_SAFE_INTEGER,
  samples: 0,
};

/**
 * `samples` in the order in which they were taken. The error holds from the first to the last, and on to `until`
 * (microseconds since the epoch, controller's clock).
 */
export function estimateClock(samples: readonly ClockSample[], until = 0): ClockRecord {
  const [first] = samples;
  const last = samples.at(-1);
  if (!first || !last) return UNKNOWN_CLOCK;
  const beyond = Math.max(0, (until - last.received) / 1e6);
  // Counted from the offset that the first sample tells, so that fractions of a microsecond are not lost.
  const base = first.sent - first.told;
  const bounds = boundsOf(samples).map(({ low, high, ...times }) => ({
    ...times,
    low: low - base,
    high: high - base,
  }));
  const end = Math.max(...bounds.map(({ at }) => at)) + beyond;
  const { start, drift, error, jump } =
    steady(bounds, end) ?? unsteady(bounds, envelopeOf(bounds), beyond);
  const middle = end / 2;
  const offset = Math.round(base + start + drift * middle);
  const told = Math.round(drift * 1000) / 1000;
  return {
    offset,
    at: Math.round(first.told + middle * 1e6) + offset,
    drift: told,
    // What rounding of offset, time and drift takes.
    error: Math.ceil(error + 1 + Math.abs(drift - told) * middle),
    samples: samples.length,
    ...(jump !== 0 && { step: -Math.round(jump) }),
  };
}

interface Line {
  /** Microseconds at the first sample, and what is gained each second. */
  readonly start: number;
  readonly drift: number;
  readonly error: number;
  readonly jump: number;
}

/** The line in the middle of those that keep to all bounds; null when a constant drift cannot have been all. */
function steady(bounds: readonly OffsetBounds[], end: number): Line | null {
  const tight = tightest(bounds);
  const drifts = driftRange(tight);
  if (!drifts) return null;
  // A line is farthest from another at one of the ends.
  const begin = Math.min(...bounds.map(({ at }) => at));
  const [left, right] = [rangeAt(tight, drifts, begin), rangeAt(tight, drifts, end)];
  // No drift explains the samples as well: then a drift would be noise, and the error is the same for whatever there is.
  if (drifts.low <= 0 && drifts.high >= 0) {
    const [low, high] = [Math.min(left.low, right.low), Math.max(left.high, right.high)];
    return { start: (low + high) / 2, drift: 0, error: (high - low) / 2, jump: 0 };
  }
  const [from, to] = [(left.low + left.high) / 2, (right.low + right.high) / 2];
  const drift = (to - from) / (end - begin);
  const error = Math.max(left.high - left.low, right.high - right.low) / 2;
  return { start: from - drift * begin, drift, error, jump: 0 };
}

/** The line that stays nearest to an offset that wandered or jumped. */
function unsteady(
  bounds: readonly OffsetBounds[],
  { ranges, jump }: ReturnType<typeof envelopeOf>,
  beyond: number,
): Line {
  // Above the lowest and below the highest that may be: turned round, bounds to come near to.
  const turned = tightest(
    bounds.map(({ at }, index) => ({
      at,
      low: ranges[index]?.high ?? 0,
      high: ranges[index]?.low ?? 0,
    })),
  );
  const drift = jump === 0 ? roomiestDrift(turned) : 0;
  const { low, high } = startRange(turned, drift);
  const gaps = bounds.slice(1).map(({ elapsed }, index) => elapsed - (bounds[index]?.elapsed ?? 0));
  const gap = Math.max(0, ...gaps);
  // Between two samples the nearer one bounds it; but across a jump it may be either.
  const away = Math.max(jump === 0 ? gap / 2 : gap, beyond);
  return {
    start: (low + high) / 2,
    drift,
    error: (low - high) / 2 + away * (MOST_DRIFT + Math.abs(drift)),
    jump,
  };
}
