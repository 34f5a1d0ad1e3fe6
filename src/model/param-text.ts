import type { ParamValue } from './plan.ts';

/** A param's value as people read it: the items of a list apart by "|", a list file by its name. */
export const paramText = (value: ParamValue): string =>
  typeof value === 'object'
    ? value.map((item) => (typeof item === 'string' ? item : item.file)).join('|')
    : String(value);
