// `"<= 2s"`, `">=1"`, `"10ms..20ms"`, `"50ms ± 2ms"`, `"50ms ± 10%"`, `3` → a range of numbers.
import { type Result, fail, ok } from '../../base/result.ts';
import { parseBytes, parseMillis, parseRate, parseRatio } from '../../base/units.ts';
import type { NumberRange } from '../../model/expectation.ts';

export type RangeUnit = 'duration' | 'rate' | 'count' | 'size' | 'ratio';

type Parse = (text: string) => Result<number, string>;

/** Where it is said of what, and not how often. */
export const AT_LEAST_ONE: NumberRange = { min: 1, max: null, text: '>=1' };

const parseCount: Parse = (text) =>
  /^\d{1,15}$/.test(text.trim())
    ? ok(Number(text))
    : fail(`Expected a whole number, found ${JSON.stringify(text)}`);

/** May be above 1: of one amount to another. */
const parseQuotient: Parse = (text) => {
  const [, number, percent] = /^(\d{1,9}(?:\.\d{1,9})?)\s*(%)?$/.exec(text.trim()) ?? [];
  if (number === undefined)
    return fail(`Expected a ratio such as 0.9 or 90%, found ${JSON.stringify(text)}`);
  return ok(percent === undefined ? Number(number) : Number(number) / 100);
};

const PARSERS: Readonly<Record<RangeUnit, Parse>> = {
  duration: parseMillis,
  rate: parseRate,
  count: parseCount,
  ratio: parseQuotient,
  size: (text) => (/^\d+$/.test(text.trim()) ? parseCount(text) : parseBytes(text)),
};

/** Durations become milliseconds, rates bits per second. `<` and `>` exclude the bound itself for counts alone. */
export function parseRange(written: string | number, unit: RangeUnit): Result<NumberRange, string> {
  const text = String(written).trim();
  const bounds = parseBounds(text, unit);
  if (!bounds.ok) return bounds;
  const [min, max] = bounds.value.map((bound) => (bound === null ? null : exact(bound)));
  if (typeof min === 'number' && typeof max === 'number' && min > max)
    return fail(`Expected a range from low to high, found "${text}"`);
  return ok({ min: min ?? null, max: max ?? null, text });
}

type Bounds = readonly [number | null, number | null];

function parseBounds(text: string, unit: RangeUnit): Result<Bounds, string> {
  const parse = PARSERS[unit];
  const compared = /^(<=|>=|==|=|<|>)\s*(.+)$/.exec(text);
  if (compared !== null) {
    const bound = parse(compared[2] ?? '');
    return bound.ok ? ok(comparison(compared[1] ?? '', bound.value, unit)) : bound;
  }
  const [low = '', high, ...more] = text.split('..');
  if (high !== undefined && more.length === 0) {
    const from = parse(low);
    const to = parse(high);
    if (!from.ok) return from;
    return to.ok ? ok([from.value, to.value]) : to;
  }
  const [middle = '', around] = text.split(/ ?(?:±|\+-|\+\/-) ?/);
  const centre = parse(middle);
  if (!centre.ok) return centre;
  if (around === undefined) return ok([centre.value, centre.value]);
  const share = parseRatio(around);
  const margin = share.ok ? ok(share.value * centre.value) : parse(around);
  if (!margin.ok) return margin;
  return ok([Math.max(0, centre.value - margin.value), centre.value + margin.value]);
}

function comparison(operator: string, bound: number, unit: RangeUnit): Bounds {
  const step = unit === 'count' || unit === 'size' ? 1 : 0;
  if (operator === '<=') return [null, bound];
  if (operator === '<') return [null, bound - step];
  if (operator === '>=') return [bound, null];
  if (operator === '>') return [bound + step, null];
  return [bound, bound];
}

/** Sheds the dust of binary fractions: 50 × 0.1 is 5.000000000000001. */
const exact = (value: number): number => Number(value.toPrecision(12));
