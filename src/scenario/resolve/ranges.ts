// `"<= 2s"`, `">=1"`, `"10ms..20ms"`, `"50ms ± 2ms"`, `"50ms ± 10%"`, `3` → a range of numbers.
import { type Result, fail, ok } from '../../base/result.ts';
import { parseMillis, parseRate, parseRatio } from '../../base/units.ts';
import type { NumberRange } from '../../model/expectation.ts';

export type RangeUnit = 'duration' | 'rate' | 'count';

type Parse = (text: string) => Result<number, string>;

const PARSERS: Readonly<Record<RangeUnit, Parse>> = {
  duration: parseMillis,
  rate: parseRate,
  count: (text) =>
    /^\d{1,15}$/.test(text.trim())
      ? ok(Number(text))
      : fail(`Expected a whole number, found ${JSON.stringify(text)}`),
};

/** Durations become milliseconds, rates bits per second. `<` and `>` exclude the bound itself for counts alone. */
export function parseRange(written: string | number, unit: RangeUnit): Result<NumberRange, string> {
  const text = String(written).trim();
  const parse = PARSERS[unit];
  const range = (min: number | null, max: number | null): Result<NumberRange, string> => {
    if (min !== null && max !== null && min > max)
      return fail(`Expected a range from low to high, found "${text}"`);
    return ok({
      min: min === null ? null : exact(min),
      max: max === null ? null : exact(max),
      text,
    });
  };
  const compared = /^(<=|>=|==|=|<|>)\s*(.+)$/.exec(text);
  if (compared !== null) {
    const bound = parse(compared[2] ?? '');
    if (!bound.ok) return bound;
    const step = unit === 'count' ? 1 : 0;
    switch (compared[1]) {
      case '<=':
        return range(null, bound.value);
      case '<':
        return range(null, bound.value - step);
      case '>=':
        return range(bound.value, null);
      case '>':
        return range(bound.value + step, null);
      default:
        return range(bound.value, bound.value);
    }
  }
  const [low = '', high, ...more] = text.split('..');
  if (high !== undefined && more.length === 0) {
    const from = parse(low);
    const to = parse(high);
    if (!from.ok) return from;
    return to.ok ? range(from.value, to.value) : to;
  }
  const [middle = '', around] = text.split(/\s*(?:±|\+-|\+\/-)\s*/);
  const centre = parse(middle);
  if (!centre.ok) return centre;
  if (around === undefined) return range(centre.value, centre.value);
  const share = parseRatio(around);
  const margin = share.ok ? ok(share.value * centre.value) : parse(around);
  return margin.ok
    ? range(Math.max(0, centre.value - margin.value), centre.value + margin.value)
    : margin;
}

/** Sheds the dust of binary fractions: 50 × 0.1 is 5.000000000000001. */
const exact = (value: number): number => Number(value.toPrecision(12));
