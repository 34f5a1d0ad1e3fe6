// Fields of the payload of one packet.
import type { BytesCondition, Match, WordCondition } from '../../../../model/censor-match.ts';
import { parseBytes, parseRatio } from '../../../../base/units.ts';
import type { BytesPattern } from '../../../../model/scenario-file.ts';
import { groupBy } from '../../../group.ts';
import { didYouMean } from '../../../suggest.ts';
import { listed } from '../../../text.ts';
import { hexOf, readHex } from '../hex.ts';
import { type Place, below } from '../scope.ts';
import {
  type FieldsOf,
  type Item,
  type Reader,
  type Readers,
  alternatives,
  itemsOf,
  readAll,
} from './field.ts';
import { type NumberForm, numberField, readReal, readWhole } from './numbers.ts';
import { regexField } from './regex.ts';

/** Bytes, with a unit or without. */
export const SIZE: NumberForm = {
  read: (text) => {
    const whole = readWhole(text);
    if (whole !== undefined) return whole;
    const size = parseBytes(text);
    return size.ok ? Math.round(size.value) : undefined;
  },
  whole: true,
  wish: 'bytes such as 100, ">=16KiB" or "100-200"',
};

const BITS: NumberForm = {
  read: (text) => {
    const value = readReal(text);
    return value !== undefined && value >= 0 && value <= 8 ? value : undefined;
  },
  whole: false,
  wish: 'numbers from 0 to 8 such as ">=7" or "3.4-4.6"',
};

const SHARE: NumberForm = {
  read: (text) => {
    const ratio = parseRatio(text);
    const value = ratio.ok ? Number(ratio.value.toPrecision(12)) : readReal(text);
    return value !== undefined && value >= 0 && value <= 1 ? value : undefined;
  },
  whole: false,
  wish: 'shares such as ">50%" or ">=0.5"',
};

export const PAYLOAD_FIELDS: Readers<FieldsOf<'payload'>> = {
  'payload.protocol': wordField('payload.protocol', [
    ...['tls', 'http', 'dns', 'ssh', 'quic', 'unknown'],
  ]),
  'payload.bytes': bytesField,
  'payload.regex': regexField('payload.regex'),
  'payload.length': numberField('payload.length', SIZE),
  'payload.entropy': numberField('payload.entropy', BITS),
  'payload.popcount': numberField('payload.popcount', BITS),
  'payload.printable': numberField('payload.printable', SHARE),
  'payload.printableRun': numberField('payload.printableRun', SIZE),
  'payload.printablePrefix': numberField('payload.printablePrefix', SIZE),
};

export function wordField(
  field: WordCondition['field'],
  known: readonly string[],
): Reader<WordCondition['field']> {
  return (place, written) => {
    const words = readAll(
      place,
      itemsOf<string>(place, written).flatMap(alternatives),
      (word) => known.find((item) => item === word),
      listed(known),
      (word) => didYouMean(String(word), known),
    );
    return words && { field, words };
  };
}

/** Those that must lie at one place are one condition. */
function bytesField(
  ...[place, written]: Parameters<Reader<'payload.bytes'>>
): ReturnType<Reader<'payload.bytes'>> {
  const items = itemsOf<BytesPattern>(place, written);
  const found = items.flatMap((item) => bytesAt(place, item) ?? []);
  if (found.length < items.length) return undefined;
  const conditions = [...groupBy(found, ({ at }) => at)].map(([at, own]): BytesCondition => ({
    field: 'payload.bytes',
    values: own.map(({ hex }) => hex),
    at,
  }));
  const [only, ...others] = conditions;
  return others.length === 0 ? only : ({ any: conditions } satisfies Match);
}

function bytesAt(
  place: Place,
  { value, path }: Item<BytesPattern>,
): { readonly hex: string; readonly at: number | null } | undefined {
  const own: Place = { ...place, path };
  if (typeof value === 'string') return filled(own, readHex(own, value, 'S081'), null);
  const { hex, text, at = null } = value;
  if ((hex === undefined) === (text === undefined)) {
    if (hex !== undefined || !place.scope.context.partial)
      place.scope.context.report('S048', path, 'Expected exactly one of "hex" and "text"', {
        help: 'Write { hex: "16 03 01", at: 0 } or { text: "GET ", at: 0 }',
      });
    return undefined;
  }
  if (text !== undefined) return filled(below(own, 'text'), hexOf(text), at);
  return filled(own, readHex(below(own, 'hex'), hex ?? '', 'S081'), at);
}

function filled(
  { scope, path, key }: Place,
  hex: string | undefined,
  at: number | null,
): { readonly hex: string; readonly at: number | null } | undefined {
  if (hex !== '') return hex === undefined ? undefined : { hex, at };
  scope.context.report('S081', path, `Expected "${key}" to be bytes, found none`);
  return undefined;
}
