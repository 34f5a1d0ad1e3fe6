// Bounds of an offset that changes as it likes, but never faster than a clock can: each sample bounds what is near it as
// well. Samples that contradict each other so tell that the clock was set between them.
import { MOST_DRIFT, type Range } from './line.ts';
import type { OffsetBounds } from './sample.ts';

export interface Envelope {
  /** By sample. */
  readonly ranges: readonly Range[];
  /** Microseconds by which the offset jumped, the farthest jump; 0 when it did not. */
  readonly jump: number;
}

export function envelopeOf(bounds: readonly OffsetBounds[]): Envelope {
  const onwards = carry(bounds);
  const backwards = carry([...bounds].reverse());
  const before = onwards.ranges;
  const after = backwards.ranges.toReversed();
  // Around a jump only one of the two holds, and which one nobody knows.
  const join = onwards.jump === 0 ? overlap : cover;
  const ranges = before.map((range, index) => join(range, after[index] ?? range));
  return { ranges, jump: onwards.jump };
}

/** Each bound narrowed by those before it, afresh after a jump. */
function carry(bounds: readonly OffsetBounds[]): Envelope {
  const ranges: Range[] = [];
  let jump = 0;
  for (const [index, bound] of bounds.entries()) {
    const before = bounds[index - 1];
    const carried = ranges[index - 1];
    if (!before || !carried) {
      ranges.push(bound);
      continue;
    }
    const change = Math.abs(bound.elapsed - before.elapsed) * MOST_DRIFT;
    const reach = { low: carried.low - change, high: carried.high + change };
    const narrowed = overlap(bound, reach);
    if (narrowed.low <= narrowed.high) {
      ranges.push(narrowed);
      continue;
    }
    const distance = middleOf(bound) - middleOf(carried);
    if (Math.abs(distance) > Math.abs(jump)) jump = distance;
    ranges.push(bound);
  }
  return { ranges, jump };
}

const overlap = (one: Range, other: Range): Range => ({
  low: Math.max(one.low, other.low),
  high: Math.min(one.high, other.high),
});

const cover = (one: Range, other: Range): Range => ({
  low: Math.min(one.low, other.low),
  high: Math.max(one.high, other.high),
});

const middleOf = ({ low, high }: Range): number => (low + high) / 2;
