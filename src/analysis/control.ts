// What the censors changed, told by the same flow without them.
import { formatMillis, formatRate } from '../base/units.ts';
import type { FlowMetrics, Verdict } from '../model/verdict.ts';

/** Ratio between the two arms from which a figure counts as changed: less happens by itself. */
const NOTICEABLE = 1.5;
/** Milliseconds, of a round trip or of a whole transfer, below which a busy machine is reason enough. */
const NOTICEABLE_TIME = 2;
/** Bytes below which a rate says more about round trips than about the way. */
const ENOUGH_BYTES = 10_000;

/** One sentence: `connection_reset instead of ok`, `goodput 128 kbit/s instead of 9.6 Mbit/s`, `nothing changed`. */
export function describeChange(verdict: Verdict, control: Verdict): string {
  const outcome = ({ failure }: Verdict): string => failure ?? 'ok';
  if (verdict.failure !== control.failure)
    return `${outcome(verdict)} instead of ${outcome(control)}`;
  const changes = figureChanges(verdict.metrics, control.metrics);
  if (changes.length > 0) return changes.join(', ');
  return verdict.failure === null
    ? 'nothing changed'
    : `${verdict.failure} without censors as well`;
}

function figureChanges(found: FlowMetrics, control: FlowMetrics): string[] {
  const hasRate = Math.min(found.received, control.received) >= ENOUGH_BYTES;
  const figures = [
    ['goodput', hasRate ? found.goodput : null, control.goodput, formatRate, transferTime(found)],
    ['round trip', found.rtt, control.rtt, formatMillis, (millis: number) => millis],
  ] as const;
  return figures.flatMap(([name, value, without, format, timeOf]) =>
    value !== null &&
    without !== null &&
    isChanged(value, without) &&
    Math.abs(timeOf(value) - timeOf(without)) >= NOTICEABLE_TIME
      ? [`${name} ${format(value)} instead of ${format(without)}`]
      : [],
  );
}

/** Milliseconds that as many bytes take at a rate in bits per second. */
const transferTime =
  ({ received }: FlowMetrics) =>
  (rate: number): number =>
    (received * 8 * 1000) / rate;

const isChanged = (left: number, right: number): boolean =>
  Math.max(left, right) > Math.min(left, right) * NOTICEABLE;
