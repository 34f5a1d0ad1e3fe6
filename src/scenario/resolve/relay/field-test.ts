// What a field must be: `7`, `"1..5"`, `ADD|MODIFY`, `"!10.0.0.0/8"`, `true`, `{ regex: … }`.
import { formatPrefix, networkAddress, parsePrefix } from '../../../base/addresses.ts';
import type { FieldTest, TestValue } from '../../../model/relay.ts';
import type { RelayFieldMatch } from '../../../model/scenario-file.ts';
import { quoted } from '../../text.ts';
import { hexOf, readHex } from '../censor/hex.ts';
import { type RelayPlace, itemsOf, within } from './scope.ts';

/** What the schema lets any key but a match's own be. */
export const isFieldMatch = (value: unknown): value is RelayFieldMatch => value !== undefined;

/** Undefined, with a report, where messages of these types have no such field or it can be nothing of the kind. */
export function resolveFieldTest(
  place: RelayPlace,
  field: string,
  written: RelayFieldMatch,
  types: readonly string[],
): FieldTest | undefined {
  if (!checkField(place, field, types)) return undefined;
  if (typeof written === 'boolean')
    return { path: field, not: !written, values: [{ kind: 'present' }] };
  if (typeof written === 'object' && !Array.isArray(written)) {
    const value = special(place, written);
    return value && { path: field, not: false, values: [value] };
  }
  const not = typeof written === 'string' && written.startsWith('!');
  const values = itemsOf(place, not ? written.slice(1) : written).flatMap((item) =>
    valuesOf(item.place, item.value),
  );
  return values.length === 0 ? undefined : { path: field, not, values };
}

function checkField({ scope, path }: RelayPlace, field: string, types: readonly string[]): boolean {
  const fault = scope.messages.pathFault(field, types);
  if (fault !== null) scope.context.report('S182', path, fault, { key: true });
  return fault === null;
}

function valuesOf(place: RelayPlace, written: string | number): readonly TestValue[] {
  const { context } = place.scope;
  const text = context.textAt(place.path, written);
  const parts = typeof written === 'string' ? written.split('|') : [text];
  return parts.flatMap((part) => {
    const value = valueOf(part.trim());
    if (value === undefined)
      context.report(
        'S182',
        place.path,
        `Expected a range from low to high, found ${quoted(part)}`,
      );
    return value ?? [];
  });
}

const NUMBER = String.raw`\d{1,20}|0x[\da-fA-F]{1,16}`;
const SINGLE = new RegExp(`^(${NUMBER})$`);
const RANGE = new RegExp(String.raw`^(${NUMBER})?\s*(?:\.\.|-)\s*(${NUMBER})?$`);
const BOUND = new RegExp(String.raw`^(<=|>=|<|>)\s*(${NUMBER})$`);
/** The largest number that a field can hold. */
const MOST = 2n ** 64n - 1n;

/** Undefined for a range that is none; what is no number or prefix is text. */
function valueOf(text: string): TestValue | undefined {
  if (SINGLE.test(text)) return between(text, text);
  const [, low, high] = RANGE.exec(text) ?? [];
  if (low !== undefined || high !== undefined) return between(low, high);
  const [, operator, bound] = BOUND.exec(text) ?? [];
  if (operator !== undefined && bound !== undefined) return compared(operator, BigInt(bound));
  const prefix = text.includes('/') ? parsePrefix(text) : undefined;
  if (prefix?.ok === true) {
    const { value } = prefix;
    return { kind: 'prefix', prefix: formatPrefix({ ...value, address: networkAddress(value) }) };
  }
  return { kind: 'text', pattern: text };
}

const between = (low = '0', high = String(MOST)): TestValue | undefined =>
  range(BigInt(low), BigInt(high));

function compared(operator: string, bound: bigint): TestValue | undefined {
  if (operator === '<=') return range(0n, bound);
  if (operator === '<') return range(0n, bound - 1n);
  return range(operator === '>' ? bound + 1n : bound, MOST);
}

const range = (low: bigint, high: bigint): TestValue | undefined =>
  low > high ? undefined : { kind: 'number', low: exact(low), high: exact(high) };

/** As text where JSON has no such number. */
const exact = (value: bigint): number | string =>
  value > BigInt(Number.MAX_SAFE_INTEGER) ? value.toString() : Number(value);

function special(
  place: RelayPlace,
  { hex, text, regex, bits }: Exclude<RelayFieldMatch, string | number | boolean | unknown[]>,
): TestValue | undefined {
  if (bits !== undefined) return { kind: 'bits', mask: bits };
  if (regex !== undefined) return regexOf(within(place, 'regex'), regex);
  if (hex === undefined) return { kind: 'bytes', hex: hexOf(text ?? '') };
  const digits = readHex(within(place, 'hex'), hex, 'S182');
  return digits === undefined ? undefined : { kind: 'bytes', hex: digits };
}

function regexOf({ scope, path }: RelayPlace, source: string): TestValue | undefined {
  try {
    new RegExp(source);
    return { kind: 'regex', source };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    scope.context.report('S182', path, `Expected a regular expression: ${reason}`);
    return undefined;
  }
}
