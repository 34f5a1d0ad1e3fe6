// Texts, lists of them and files of them → names, prefixes and patterns.
import { formatPrefix, networkAddress, parsePrefix } from '../../../../base/addresses.ts';
import type {
  Match,
  NameCondition,
  PrefixCondition,
  TextCondition,
} from '../../../../model/censor-match.ts';
import type { ListItem, NameMatch } from '../../../../model/scenario-file.ts';
import type { LineKind } from '../list-files.ts';
import type { Place } from '../scope.ts';
import { asPrefix } from '../../places.ts';
import { type Item, type Reader, alternatives, itemsOf, readAll } from './field.ts';

const NAMES: LineKind = {
  name: 'names',
  wish: 'host names such as "blocked.example" or "*.blocked.example"',
  read: namePattern,
};

const PREFIXES: LineKind = {
  name: 'prefixes',
  wish: 'addresses or prefixes such as "10.0.0.0/8"',
  read: prefixOf,
};

const PATTERNS: LineKind = {
  name: 'patterns',
  wish: 'patterns',
  read: (line) => (line === '' ? undefined : line),
};

export const nameField =
  (field: NameCondition['field']): Reader<NameCondition['field']> =>
  (place, written) =>
    readListed(place, written, NAMES, (names, list) => ({ field, names, ...list }), nameHelp);

export const prefixField =
  (field: PrefixCondition['field']): Reader<PrefixCondition['field']> =>
  (place, written) =>
    readListed(place, written, PREFIXES, (prefixes, list) => ({ field, prefixes, ...list }));

export const textField =
  (field: TextCondition['field']): Reader<TextCondition['field']> =>
  (place, written) =>
    readListed(place, written, PATTERNS, (patterns, list) => ({ field, patterns, ...list }));

/** A condition for each file, the first of which has what is written in the scenario too: any of them may hold. */
function readListed(
  place: Place,
  written: NameMatch,
  kind: LineKind,
  make: (values: readonly string[], list: { readonly list?: number }) => Match,
  help?: (value: string | number) => string | undefined,
): Match | undefined {
  const texts: Item<string>[] = [];
  const lists: (number | undefined)[] = [];
  for (const { value, path } of itemsOf<ListItem>(place, written))
    if (typeof value === 'string') texts.push({ value, path });
    else lists.push(place.scope.lists.place(value.file, kind, [...path, 'file']));
  const values = readAll(
    place,
    texts.flatMap(alternatives),
    (value) => kind.read(String(value)),
    kind.wish,
    help,
  );
  const known = lists.filter((list) => list !== undefined);
  if (values === undefined || known.length < lists.length) return undefined;
  const [first, ...others] = known;
  const one = make([...new Set(values)], first === undefined ? {} : { list: first });
  return others.length === 0 ? one : { any: [one, ...others.map((list) => make([], { list }))] };
}

/** Letters of other alphabets are on the wire in their ASCII form (RFC 5890). */
const nameHelp = (value: string | number): string | undefined =>
  /[^\u0020-\u007e]/.test(String(value))
    ? 'Write the name as it is on the wire, in ASCII: "xn--…"'
    : 'Letters, digits, hyphens, underscores and dots; a "*" stands for any characters';

function namePattern(value: string): string | undefined {
  const name = value.toLowerCase().replace(/\.$/, '');
  return /^[a-z0-9_*-]+(\.[a-z0-9_*-]+)*$/.test(name) && name.length <= 253 ? name : undefined;
}

function prefixOf(text: string): string | undefined {
  const parsed = parsePrefix(text.includes('/') ? text : asPrefix(text));
  return parsed.ok
    ? formatPrefix({ ...parsed.value, address: networkAddress(parsed.value) })
    : undefined;
}
