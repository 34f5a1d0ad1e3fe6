// From received probes to figures, and from figures to what misses the file's wish. Pure.
import { formatMillis, formatRate } from '../../../base/units.ts';
import type { Impairment } from '../../../model/plan.ts';
import type { LinkMeasurement } from '../../../model/rpc.ts';
import { expectedDelay } from '../../../roles/impair/expected-delay.ts';
import { SHORTEST_PROBE } from './probe-frame.ts';
import type { ProbePlan } from './probe-plan.ts';

/** What came out of one direction of a link. */
export interface ProbeRecord {
  readonly plan: ProbePlan;
  /** One-way delays of the short probes, milliseconds, the first copy of each. */
  readonly delays: readonly number[];
  readonly duplicates: number;
  /** Probes with changed bits: arrived, but they say nothing. */
  readonly damaged: number;
  /** Frames that our own sockets may have lost: not sent, or arrived at a full ring. */
  readonly unseen: number;
  /** When the burst's frames arrived, microseconds, in order. */
  readonly arrivals: readonly number[];
}

/** Standard errors that chance is granted: it exceeds four once in 16,000 measurements. */
const SIGMAS = 4;
/** What the machine itself may add: milliseconds of delay, and its share. */
const DELAY_SLACK = 0.5;
const RELATIVE_SLACK = 0.02;
/** Timing error at either end of a burst, milliseconds. */
const BURST_SLACK = 0.2;
const RATE_SLACK = 0.05;

export type LinkFigures = Pick<
  LinkMeasurement,
  'delay' | 'jitter' | 'lossRatio' | 'rate' | 'misses'
>;

/** `clockError` is by how many milliseconds the clocks of sender and receiver may differ. */
export function assessLink(
  impairment: Impairment,
  record: ProbeRecord,
  clockError = 0,
): LinkFigures {
  const { plan, delays, damaged } = record;
  const delay = median(delays);
  const jitter = deviation(delays);
  const absent = Math.max(0, plan.probes - delays.length - damaged);
  const lost = Math.max(0, absent - record.unseen);
  const tried = Math.max(1, plan.probes - (absent - lost));
  const rate = measureRate(record);
  const misses = [
    ...checkDelay(impairment, delays.length, { delay, jitter, clockError }),
    ...checkShare('loss', impairment.lossRatio, lost, tried, damaged),
    ...checkShare(
      'duplication',
      impairment.duplicateRatio,
      record.duplicates,
      delays.length,
      damaged,
    ),
    ...checkRate(impairment, rate, record.arrivals),
  ];
  return { delay, jitter, lossRatio: lost / tried, rate, misses };
}

function checkDelay(
  impairment: Impairment,
  samples: number,
  { delay, jitter, clockError }: { delay: number; jitter: number; clockError: number },
): string[] {
  if (samples === 0) return ['no frame arrived'];
  const expected = expectedDelay(impairment, SHORTEST_PROBE);
  const error = expected.deviation / Math.sqrt(samples);
  // The standard error of a median is 1.25 times that of a mean (of a normal distribution).
  const slack = DELAY_SLACK + RELATIVE_SLACK * expected.median + SIGMAS * 1.25 * error + clockError;
  const misses = [];
  if (Math.abs(delay - expected.median) > slack)
    misses.push(`delay is ${formatMillis(delay)}, expected ${around(expected.median, slack)}`);
  // A deviation's own error is 1/√2 of the mean's for a normal distribution, and more where frames are sent at once besides.
  const jitterSlack = DELAY_SLACK + RELATIVE_SLACK * expected.deviation + SIGMAS * error;
  const isAsked = impairment.jitter > 0 || impairment.reorderRatio > 0;
  if (isAsked && Math.abs(jitter - expected.deviation) > jitterSlack)
    misses.push(
      `jitter is ${formatMillis(jitter)}, expected ${around(expected.deviation, jitterSlack)}`,
    );
  return misses;
}

function checkShare(
  what: string,
  ratio: number,
  seen: number,
  tried: number,
  unknown: number,
): string[] {
  const slack = SIGMAS * Math.sqrt(tried * ratio * (1 - ratio)) + unknown;
  if (Math.abs(seen - tried * ratio) <= slack) return [];
  const share = (value: number): string => `${((value / Math.max(1, tried)) * 100).toFixed(2)}%`;
  return [
    `${what} is ${share(seen)} of ${tried} frames, expected ${(ratio * 100).toFixed(2)}% ± ${share(slack)}`,
  ];
}

/**
 * Bits per second by the median slope between any two frames of the burst's second half (Theil and Sen): a token bucket
 * lets the first frames through at once, and a machine that stalls moves few of the others. Null when too few arrived.
 */
function measureRate({ plan, arrivals }: ProbeRecord): number | null {
  if (arrivals.length < 4) return null;
  const half = arrivals.slice(Math.floor(arrivals.length / 2) - 1);
  const stride = Math.ceil(half.length / MOST_POINTS);
  const points = half.filter((_, index) => index % stride === 0);
  const gaps = points.flatMap((early, from) =>
    points.slice(from + 1).map((late, further) => (late - early) / (further + 1) / stride),
  );
  const gap = median(gaps);
  return gap > 0 ? (plan.burstBytes * 8 * 1e6) / gap : null;
}

const MOST_POINTS = 64;

function checkRate(
  impairment: Impairment,
  rate: number | null,
  arrivals: readonly number[],
): string[] {
  if (impairment.rate === null) return [];
  if (rate === null) return ['the rate could not be measured: too few frames arrived'];
  const spread = ((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)) / 2 / 1000;
  const blur =
    BURST_SLACK + 2 * impairment.jitter + (impairment.reorderRatio > 0 ? impairment.delay : 0);
  // Lost frames leave gaps that look like a slower wire.
  const slack =
    impairment.rate * (RATE_SLACK + blur / Math.max(spread, blur) + 2 * impairment.lossRatio);
  if (Math.abs(rate - impairment.rate) <= slack) return [];
  return [
    `rate is ${formatRate(rate)}, expected ${formatRate(impairment.rate)} ± ${formatRate(slack)}`,
  ];
}

const around = (value: number, slack: number): string =>
  `${formatMillis(value)} ± ${formatMillis(slack)}`;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >>> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
