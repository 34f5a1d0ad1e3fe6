// What the readers of match fields share.
import type { Match } from '../../../../model/censor-match.ts';
import type { Match as WrittenMatch } from '../../../../model/scenario-file.ts';
import type { Path } from '../../../source/tree.ts';
import { quoted } from '../../../text.ts';
import type { Place } from '../scope.ts';

/** The keys that are fields, not words that join conditions. */
export type FieldName = Exclude<keyof WrittenMatch, 'all' | 'any' | 'not'>;

/** Undefined, with a report, for a value that cannot be read. */
export type Reader<K extends FieldName> = (
  place: Place,
  written: NonNullable<WrittenMatch[K]>,
) => Match | undefined;

export type Readers<K extends FieldName> = { readonly [Key in K]: Reader<Key> };

/** The fields whose names begin so. */
export type FieldsOf<Layer extends string> = Extract<FieldName, `${Layer}.${string}`>;

/** One value of a field, and where it is written. */
export interface Item<T> {
  readonly value: T;
  readonly path: Path;
}

/** The items of a value or of a list of them. */
export function itemsOf<T>({ path }: Place, written: T | readonly T[]): readonly Item<T>[] {
  return isList(written)
    ? written.map((value, index) => ({ value, path: [...path, index] }))
    : [{ value: written, path }];
}

const isList = <T>(written: T | readonly T[]): written is readonly T[] => Array.isArray(written);

/** A text may name several, separated by "|". */
export const alternatives = <T extends string | number>({
  value,
  path,
}: Item<T>): readonly Item<string | number>[] =>
  typeof value === 'string'
    ? value.split('|').map((part) => ({ value: part.trim(), path }))
    : [{ value, path }];

/** Undefined, with reports, unless each of them can be read. */
export function readAll<T, R>(
  place: Place,
  items: readonly Item<T>[],
  read: (value: T, path: Path) => R | undefined,
  wish: string,
  helpFor: (value: T) => string | undefined = () => undefined,
): readonly R[] | undefined {
  const found: R[] = [];
  for (const { value, path } of items) {
    const one = read(value, path);
    if (one === undefined) reportValue(place, path, wish, value, helpFor(value));
    else found.push(one);
  }
  return found.length === items.length ? found : undefined;
}

export function reportValue(
  { scope, key }: Place,
  path: Path,
  wish: string,
  found: unknown,
  help?: string,
): void {
  scope.context.report('S081', path, `Expected "${key}" to be ${wish}, found ${quoted(found)}`, {
    help,
  });
}
