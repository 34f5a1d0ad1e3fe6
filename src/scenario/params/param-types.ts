import { parseIp, parsePrefix } from '../../base/addresses.ts';
import { type Result, fail, ok } from '../../base/result.ts';
import { parseBytes, parseMillis, parseRate, parseRatio } from '../../base/units.ts';
import type { Param } from '../../model/scenario-file.ts';
import type { ParamValue } from '../../model/plan.ts';

export type ParamType = Param['type'];

/** Quantities keep their text, so that `${params.delay}` reads as if it were written there. */
type Check = (value: ParamValue) => Result<unknown, string>;

const expected = (what: string, value: ParamValue): Result<never, string> =>
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
};

export const isParamType = (type: unknown): type is ParamType =>
  typeof type === 'string' && Object.hasOwn(CHECKS, type);

/** Whether a value written in the file is of the param's type; the error says what was wished and found. */
export function checkParam(type: ParamType, value: ParamValue): Result<ParamValue, string> {
  const checked = CHECKS[type](value);
  return checked.ok ? ok(value) : checked;
}

/** Reads what the command line says: text, by the param's type. */
export function parseParam(type: ParamType, written: string): Result<ParamValue, string> {
  return checkParam(type, fromText(type, written));
}

function fromText(type: ParamType, written: string): ParamValue {
  if (type === 'boolean' && (written === 'true' || written === 'false')) return written === 'true';
  const numeric = type === 'integer' || type === 'number' || type === 'port';
  return numeric && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(written) ? Number(written) : written;
}
