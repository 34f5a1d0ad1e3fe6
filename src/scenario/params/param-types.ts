import { parseIp, parsePrefix } from '../../base/addresses.ts';
import { type Result, fail, ok } from '../../base/result.ts';
import { parseBytes, parseMillis, parseRate, parseRatio } from '../../base/units.ts';
import type { Param } from '../../model/scenario-file.ts';

export type ParamType = Param['type'];

/** A value that is one. */
export type Scalar = string | number | boolean;

/** Quantities keep their text, so that `${params.delay}` reads as if it were written there. */
type Check = (value: unknown) => Result<unknown, string>;

const expected = (what: string, value: unknown): Result<never, string> =>
  fail(`Expected ${what}, found ${JSON.stringify(value)}`);

const text =
  (parse: (value: string) => Result<unknown, string>, what: string): Check =>
  (value) =>
    typeof value === 'string' ? parse(value) : expected(what, value);

const CHECKS: Readonly<Record<ParamType, Check>> = {
  string: (value) => (typeof value === 'string' ? ok(value) : expected('text', value)),
  integer: (value) => (Number.isSafeInteger(value) ? ok(value) : expected('a whole number', value)),
  number: (value) => (typeof value === 'number' ? ok(value) : expected('a number', value)),
  boolean: (value) => (typeof value === 'boolean' ? ok(value) : expected('true or false', value)),
  duration: parseMillis,
  rate: parseRate,
  size: parseBytes,
  percentage: parseRatio,
  address: text(parseIp, 'an IPv4 or IPv6 address'),
  prefix: text(parsePrefix, 'a prefix such as "10.0.0.0/24"'),
  port: (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535
      ? ok(value)
      : expected('a port from 1 to 65535', value),
  // Lists that are right are read before.
  list: (value) => expected('a list of texts', value),
  names: (value) => expected('names, a list of them, or { file: blocked.txt }', value),
};

export const isParamType = (type: unknown): type is ParamType =>
  typeof type === 'string' && Object.hasOwn(CHECKS, type);

/** Whether a value written in the file is of the param's type; the error says what was wished and found. */
export function checkParam(type: ParamType, value: unknown): Result<Scalar, string> {
  const checked = CHECKS[type](value);
  if (!checked.ok) return checked;
  return isScalar(value) ? ok(value) : expected('a single value', value);
}

const isScalar = (value: unknown): value is Scalar =>
  ['string', 'number', 'boolean'].includes(typeof value);

/** Reads what the command line says: text, by the param's type. */
export function parseParam(type: ParamType, written: string): Result<Scalar, string> {
  return checkParam(type, fromText(type, written));
}

function fromText(type: ParamType, written: string): Scalar {
  if (type === 'boolean' && (written === 'true' || written === 'false')) return written === 'true';
  const numeric = type === 'integer' || type === 'number' || type === 'port';
  return numeric && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(written) ? Number(written) : written;
}
