// Quantities as numbers. The schema has seen to their form.
import { invariant } from '../../base/invariant.ts';
import type { Result } from '../../base/result.ts';
import { parseBytes, parseMillis, parseRate, parseRatio } from '../../base/units.ts';
import { parseSpan } from '../spans.ts';

/** Milliseconds. */
export const millis = (text: string): number => must(parseMillis(text));
/** Bits per second. */
export const bitsPerSecond = (text: string): number => must(parseRate(text));
/** Whole bytes. */
export const bytes = (text: string): number => Math.round(must(parseBytes(text)));
/** A share from 0 to 1. */
export const ratio = (text: string): number => must(parseRatio(text));

/** `80ms-190ms`, in the unit of `parse`. */
export function spanOf(
  text: string,
  parse: (text: unknown) => Result<number, string>,
): readonly [low: number, high: number] {
  const parsed = parseSpan(text, parse);
  invariant(parsed.ok, 'A quantity that the schema has accepted can be read');
  const [low, high] = parsed.value;
  return [exact(low), exact(high)];
}

function must(parsed: Result<number, string>): number {
  invariant(parsed.ok, 'A quantity that the schema has accepted can be read');
  return exact(parsed.value);
}

/** 0.1% is 0.1 × 0.01 = 0.0010000000000000002 in binary. */
const exact = (value: number): number => Number(value.toPrecision(12));
