import { type Result, ok } from '../base/result.ts';

/** `16KiB`, `80ms-190ms`, `80-190ms` → the lower and the higher end: equal when only one is written. */
export function parseSpan(
  text: unknown,
  parse: (text: unknown) => Result<number, string>,
): Result<readonly [low: number, high: number], string> {
  const [, from, to] = /^(.*\S)\s*-\s*(\S.*)$/.exec(typeof text === 'string' ? text : '') ?? [];
  if (from === undefined || to === undefined) {
    const one = parse(text);
    return one.ok ? ok([one.value, one.value]) : one;
  }
  const high = parse(to);
  if (!high.ok) return high;
  const low = parse(/^\d+(\.\d+)?$/.test(from) ? from + to.replace(/^[\d.]+/, '') : from);
  if (!low.ok) return low;
  return ok([Math.min(low.value, high.value), Math.max(low.value, high.value)]);
}
