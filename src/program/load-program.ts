import { type Result, fail, ok } from '../base/result.ts';
import type { CensorProgram } from './api.ts';

/** The program among the exports of a file. */
export function programOf(exports: object): Result<CensorProgram, string> {
  const found: unknown = 'default' in exports ? exports.default : undefined;
  if (typeof found === 'function') return ok({ packet: found as CensorProgram['packet'] });
  if (isProgram(found)) return ok(found);
  return fail(
    `Expected the default export to be a function, or an object with a function "packet"; found ${
      found === undefined ? 'no default export' : `a value of type ${typeof found}`
    }`,
  );
}

const isProgram = (value: unknown): value is CensorProgram =>
  typeof value === 'object' &&
  value !== null &&
  'packet' in value &&
  typeof value.packet === 'function' &&
  (!('start' in value) || typeof value.start === 'function');
