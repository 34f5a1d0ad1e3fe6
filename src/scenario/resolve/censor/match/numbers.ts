// `5`, `"5-10"`, `">=5"`, `"a|b"` and lists of them → ranges of numbers.
import type { NumberField, NumberRange } from '../../../../model/censor-match.ts';
import type { NumberMatch } from '../../../../model/scenario-file.ts';
import { alternatives, itemsOf, readAll, type Reader } from './field.ts';
import type { Place } from '../scope.ts';

/** How the numbers of one field are written. */
export interface NumberForm {
  /** Undefined for what is none. */
  readonly read: (text: string) => number | undefined;
  /** Whether there is nothing between two neighbours: `<5` is up to 4. */
  readonly whole: boolean;
  /** For messages, after `Expected "tcp.port" to be `. */
  readonly wish: string;
  readonly help?: (text: string) => string | undefined;
}

export const numberField =
  (field: NumberField, form: NumberForm): Reader<NumberField> =>
  (place, written) => {
    const ranges = readRanges(place, written, form);
    return ranges && { field, ranges };
  };

export function readRanges(
  place: Place,
  written: NumberMatch,
  form: NumberForm,
): readonly NumberRange[] | undefined {
  const items = itemsOf<string | number>(place, written)
    .map(({ value, path }) => ({ value: place.scope.context.textAt(path, value), path }))
    .flatMap(alternatives);
  return readAll(
    place,
    items,
    (value) => rangeOf(String(value), form),
    form.wish,
    (value) => form.help?.(String(value)),
  );
}

function rangeOf(text: string, form: NumberForm): NumberRange | undefined {
  const single = form.read(text);
  if (single !== undefined) return [single, single];
  const compared = /^(<=|>=|<|>)\s*(\S.*)$/.exec(text);
  if (compared !== null) {
    const bound = form.read(compared[2] ?? '');
    return bound === undefined ? undefined : comparison(compared[1] ?? '', bound, form.whole);
  }
  const [, from = '', to = ''] = /^(\S.*?)\s*-\s*(\S.*)$/.exec(text) ?? [];
  const low = form.read(from);
  const high = form.read(to);
  return low !== undefined && high !== undefined && low <= high ? [low, high] : undefined;
}

function comparison(operator: string, bound: number, whole: boolean): NumberRange {
  switch (operator) {
    case '<=':
      return [null, bound];
    case '>=':
      return [bound, null];
    case '<':
      return [null, whole ? bound - 1 : bound - stepAt(bound)];
    default:
      return [whole ? bound + 1 : bound + stepAt(bound), null];
  }
}

/** About the distance to the next number that a double can be. */
const stepAt = (bound: number): number => Number.EPSILON * Math.max(1, Math.abs(bound));

/** Decimal, or hexadecimal after `0x`. */
export function readWhole(text: string): number | undefined {
  return /^(\d{1,15}|0x[0-9a-f]{1,12})$/i.test(text) ? Number(text) : undefined;
}

export const wholeUpTo = (
  high: number,
  wish: string,
  low = 0,
): NumberForm & { readonly whole: true } => ({
  read: (text) => {
    const value = readWhole(text);
    return value !== undefined && value >= low && value <= high ? value : undefined;
  },
  whole: true,
  wish,
});

/** Numbers that have names too. */
export const namedUpTo = (
  high: number,
  table: Readonly<Record<string, number>>,
  wish: string,
): NumberForm => ({
  read: (text) => numberNamed(text, table) ?? wholeUpTo(high, wish).read(text),
  whole: true,
  wish,
});

export function numberNamed(
  text: string,
  table: Readonly<Record<string, number>>,
): number | undefined {
  const key = Object.keys(table).find((name) => name.toLowerCase() === text.toLowerCase());
  return key === undefined ? undefined : table[key];
}

export const readReal = (text: string): number | undefined =>
  /^-?\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
