// `web[01:50]` and `db-[a:f]`: a pattern of an inventory that stands for several hosts.
import { type Result, fail, ok } from '../../base/result.ts';

const RANGE = /\[([0-9]*|[A-Za-z]):([0-9]+|[A-Za-z])(?::([0-9]+))?\]/;

/** How many hosts one inventory may speak of. */
export const MOST_HOSTS = 10_000;

/** The hosts of a pattern in order; both ends of a range belong to it, and `[1:9:2]` has a step. */
export function expandHosts(pattern: string): Result<readonly string[], string> {
  const match = RANGE.exec(pattern);
  if (match === null) return ok([pattern]);
  const [whole, first = '', last = '', step = '1'] = match;
  const steps = valuesOf(first, last, Number(step));
  if (!steps.ok) return fail(`${steps.error}, found "${whole}"`);
  const rest = expandHosts(pattern.slice(match.index + whole.length));
  if (!rest.ok) return rest;
  if (steps.value.length * rest.value.length > MOST_HOSTS)
    return fail(`Expected at most ${MOST_HOSTS} hosts, found more in "${pattern}"`);
  const head = pattern.slice(0, match.index);
  return ok(steps.value.flatMap((value) => rest.value.map((tail) => `${head}${value}${tail}`)));
}

function valuesOf(first: string, last: string, step: number): Result<readonly string[], string> {
  if (step < 1) return fail('Expected a range with a step of at least 1');
  const isLetter = /[A-Za-z]/.test(first);
  if (isLetter !== /[A-Za-z]/.test(last))
    return fail('Expected a range between two numbers or two letters');
  // Leading zeros say how wide all of them are.
  const isPadded = first.length > 1 && first.startsWith('0');
  if (isPadded && first.length !== last.length)
    return fail('Expected both ends of a range with leading zeros to be of one length');
  const low = isLetter ? first.charCodeAt(0) : Number(first);
  const high = isLetter ? last.charCodeAt(0) : Number(last);
  if (low > high) return fail('Expected a range that begins before it ends');
  const count = Math.floor((high - low) / step) + 1;
  if (count > MOST_HOSTS) return fail(`Expected a range of at most ${MOST_HOSTS}`);
  return ok(
    Array.from({ length: count }, (_, index) => {
      const value = low + index * step;
      if (isLetter) return String.fromCharCode(value);
      return isPadded ? String(value).padStart(first.length, '0') : String(value);
    }),
  );
}
