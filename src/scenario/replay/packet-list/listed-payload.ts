// The bytes of a packet of a list: text, hexadecimal digits, base64, a list of numbers, or only a size.
import { base64Length } from '../../../base/base64.ts';
import { fromLatin1 } from '../../../wire/bytes.ts';
import type { Faults } from '../../faults.ts';
import type { MapTree, Tree } from '../../source/tree.ts';
import type { ReplayPayload } from '../replay-script.ts';
import { firstOf } from './first-of.ts';

const LARGEST = 16 * 2 ** 20;
const NOTHING: ReplayPayload = { kind: 'bytes', bytes: new Uint8Array(0) };

export function readListedPayload(packet: MapTree, faults: Faults): ReplayPayload {
  const wrong = (tree: Tree, wish: string): ReplayPayload => {
    faults.add('P003', tree.span, `Expected ${wish}`);
    return NOTHING;
  };
  const hex = firstOf(packet, ['payload_hex']);
  if (hex !== undefined) return payloadOf(fromHex(textOf(hex))) ?? wrong(hex, HEX_WISH);
  const base64 = firstOf(packet, ['payload_base64']);
  if (base64 !== undefined)
    return payloadOf(fromBase64(textOf(base64))) ?? wrong(base64, BASE64_WISH);
  const written = firstOf(packet, ['payload', 'data']);
  if (written !== undefined) return readWritten(written, encodingOf(packet), wrong);
  const size = firstOf(packet, ['size', 'length']);
  if (size === undefined) return NOTHING;
  const bytes = Number(textOf(size));
  if (!Number.isInteger(bytes) || bytes < 0 || bytes > LARGEST)
    return wrong(size, `a size in bytes, up to ${LARGEST}`);
  return bytes === 0 ? NOTHING : { kind: 'random', size: bytes };
}

const HEX_WISH = 'an even number of hexadecimal digits such as "16 03 01"';
const BASE64_WISH = 'base64 such as "aGVsbG8="';

function readWritten(
  tree: Tree,
  encoding: string,
  wrong: (tree: Tree, wish: string) => ReplayPayload,
): ReplayPayload {
  if (tree.kind === 'list')
    return payloadOf(fromNumbers(tree.items)) ?? wrong(tree, 'numbers from 0 to 255');
  if (tree.kind === 'map') return wrong(tree, 'a payload that is text, or a list of numbers');
  const text = textOf(tree);
  switch (encoding) {
    case '':
      return payloadOf(/^0x/i.test(text) ? fromHex(text) : fromText(text)) ?? wrong(tree, HEX_WISH);
    case 'hex':
      return payloadOf(fromHex(text)) ?? wrong(tree, HEX_WISH);
    case 'base64':
      return payloadOf(fromBase64(text)) ?? wrong(tree, BASE64_WISH);
    case 'text':
    case 'utf8':
    case 'utf-8':
    case 'ascii':
      return { kind: 'bytes', bytes: fromText(text) };
    case 'latin1':
      return { kind: 'bytes', bytes: fromLatin1(text) };
    default:
      return wrong(tree, `the encoding text, hex, base64 or latin1, found "${encoding}"`);
  }
}

const encodingOf = (packet: MapTree): string => {
  const encoding = firstOf(packet, ['encoding']);
  return encoding === undefined ? '' : textOf(encoding).toLowerCase();
};

const payloadOf = (bytes: Uint8Array | undefined): ReplayPayload | undefined =>
  bytes === undefined ? undefined : { kind: 'bytes', bytes };

const textOf = (tree: Tree): string => (tree.kind === 'scalar' ? String(tree.value ?? '') : '');

function fromHex(text: string): Uint8Array | undefined {
  const digits = text.replace(/^0x/i, '').replace(/[\s:]+/g, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) return undefined;
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16),
  );
}

const fromBase64 = (text: string): Uint8Array | undefined =>
  base64Length(text) === undefined ? undefined : fromLatin1(atob(text.replace(/\s+/g, '')));

function fromNumbers(items: readonly Tree[]): Uint8Array | undefined {
  const numbers = items.map((item) => (item.kind === 'scalar' ? item.value : null));
  const isByte = (value: unknown): value is number =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 256;
  return numbers.every(isByte) ? Uint8Array.from(numbers) : undefined;
}

const fromText = (text: string): Uint8Array => new TextEncoder().encode(text);
