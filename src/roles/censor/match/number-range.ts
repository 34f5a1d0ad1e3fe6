import type { NumberRange } from '../../../model/censor-match.ts';

/** A test for numbers that lie in any of the ranges; NaN lies in none. */
export function compileRanges(ranges: readonly NumberRange[]): (value: number) => boolean {
  const sorted = ranges
    .map(([low, high]) => ({ low: low ?? -Infinity, high: high ?? Infinity }))
    .toSorted((left, right) => left.low - right.low);
  const [first] = sorted;
  if (first === undefined) return () => false;
  if (sorted.length === 1) return (value) => value >= first.low && value <= first.high;
  const merged = merge(sorted);
  const lows = Float64Array.from(merged, ({ low }) => low);
  const highs = Float64Array.from(merged, ({ high }) => high);
  return (value) => value <= (highs[lastNotAbove(lows, value)] ?? NaN);
}

interface Ends {
  readonly low: number;
  readonly high: number;
}

/** Apart from each other, in order. */
function merge(sorted: readonly Ends[]): readonly Ends[] {
  const merged: Ends[] = [];
  for (const { low, high } of sorted) {
    const last = merged[merged.length - 1];
    if (last !== undefined && low <= last.high)
      merged[merged.length - 1] = { low: last.low, high: Math.max(last.high, high) };
    else merged.push({ low, high });
  }
  return merged;
}

/** The place of the greatest number that is not above `value`; -1 when all are. */
function lastNotAbove(numbers: Float64Array, value: number): number {
  let low = -1;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle] ?? Infinity) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** `80`, `1000-`, `-5`, `10-20|30`. */
export const formatRanges = (ranges: readonly NumberRange[]): string =>
  ranges
    .map(([low, high]) => (low === high ? `${low}` : `${formatEnd(low)}-${formatEnd(high)}`))
    .join('|');

const formatEnd = (end: number | null): string =>
  end === null || !Number.isFinite(end) ? '' : `${end}`;
