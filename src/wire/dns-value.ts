// What DNS records say, as zone files write it: RFC 1035 section 3.3, AAAA from RFC 3596, SRV from RFC 2782. Unknown types keep
// their bytes, as hexadecimal digits.
import { type Result, fail, ok } from '../base/result.ts';
import { formatIp, parseIp } from '../base/addresses.ts';
import {
  concatBytes,
  fromLatin1,
  latin1,
  readU16,
  readU32,
  readU8,
  writeU16,
  writeU32,
} from './bytes.ts';
import { emitName, readName } from './dns-name.ts';
import { emitServiceBinding, readServiceBinding } from './dns-service-binding.ts';

export const DNS_TYPE = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  OPT: 41,
  HTTPS: 65,
} as const;

/** How many 16-bit numbers stand before the name. */
const NUMBERS_BEFORE: Readonly<Record<number, number>> = {
  [DNS_TYPE.CNAME]: 0,
  [DNS_TYPE.NS]: 0,
  [DNS_TYPE.PTR]: 0,
  [DNS_TYPE.MX]: 1,
  [DNS_TYPE.SRV]: 3,
};

/** The data of a record of `type`, from `start` to `end` of the message: names in it may point to what is before. */
export function readValue(
  bytes: Uint8Array,
  type: number,
  start: number,
  end: number,
): Result<string, string> {
  const numbers = NUMBERS_BEFORE[type];
  if (numbers !== undefined) return readNumberedName(bytes, start, end, numbers);
  switch (type) {
    case DNS_TYPE.A:
      if (end - start !== 4) return fail('DNS A record does not have 4 bytes');
      return ok(formatIp({ family: 4, bytes: bytes.subarray(start, end) }));
    case DNS_TYPE.AAAA:
      if (end - start !== 16) return fail('DNS AAAA record does not have 16 bytes');
      return ok(formatIp({ family: 6, bytes: bytes.subarray(start, end) }));
    case DNS_TYPE.SOA:
      return readAuthority(bytes, start, end);
    case DNS_TYPE.TXT:
      return readText(bytes, start, end);
    case DNS_TYPE.HTTPS:
      return readServiceBinding(bytes, start, end);
    default:
      return ok(hex(bytes.subarray(start, end)));
  }
}

/** The bytes of a record's data; fails on text that has none. */
export function emitValue(type: number, value: string): Result<Uint8Array, string> {
  const numbers = NUMBERS_BEFORE[type];
  if (numbers !== undefined) return emitNumberedName(value, numbers);
  switch (type) {
    case DNS_TYPE.A:
    case DNS_TYPE.AAAA:
      return emitAddress(value, type === DNS_TYPE.A ? 4 : 6);
    case DNS_TYPE.SOA:
      return emitAuthority(value);
    case DNS_TYPE.TXT:
      return ok(emitText(value));
    case DNS_TYPE.HTTPS:
      return emitServiceBinding(value);
    default:
      return ok(Uint8Array.from(value.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
  }
}

function readNumberedName(
  bytes: Uint8Array,
  start: number,
  end: number,
  count: number,
): Result<string, string> {
  const at = start + 2 * count;
  if (at > end) return fail('DNS record is shorter than its numbers');
  const name = readName(bytes, at);
  if (!name.ok) return name;
  const numbers = Array.from({ length: count }, (_, index) => readU16(bytes, start + 2 * index));
  // A name alone stands for itself; among other words the root needs a sign.
  return ok(count === 0 ? name.value.name : [...numbers, name.value.name || '.'].join(' '));
}

function emitNumberedName(value: string, count: number): Result<Uint8Array, string> {
  const words = count === 0 ? [value] : value.split(' ');
  const name = emitName(withoutDot(words[count] ?? ''));
  if (!name.ok) return name;
  const numbers = new Uint8Array(2 * count);
  for (let index = 0; index < count; index += 1) writeU16(numbers, 2 * index, Number(words[index]));
  return words.length === count + 1
    ? ok(concatBytes(numbers, name.value))
    : fail(`Expected ${count} numbers and a name, found ${JSON.stringify(value)}`);
}

const AUTHORITY_NUMBERS = 5;

/** SOA: two names and five 32-bit numbers (RFC 1035 section 3.3.13). */
function readAuthority(bytes: Uint8Array, start: number, end: number): Result<string, string> {
  const server = readName(bytes, start);
  if (!server.ok) return server;
  const mailbox = readName(bytes, server.value.next);
  if (!mailbox.ok) return mailbox;
  const { next } = mailbox.value;
  if (next + 4 * AUTHORITY_NUMBERS > end) return fail('DNS SOA record is shorter than its numbers');
  const numbers = Array.from({ length: AUTHORITY_NUMBERS }, (_, index) =>
    readU32(bytes, next + 4 * index),
  );
  return ok([server.value.name || '.', mailbox.value.name || '.', ...numbers].join(' '));
}

function emitAuthority(value: string): Result<Uint8Array, string> {
  const [server = '', mailbox = '', ...numbers] = value.split(' ');
  const first = emitName(withoutDot(server));
  if (!first.ok) return first;
  const second = emitName(withoutDot(mailbox));
  if (!second.ok) return second;
  if (numbers.length !== AUTHORITY_NUMBERS)
    return fail(`Expected two names and five numbers, found ${JSON.stringify(value)}`);
  const fields = new Uint8Array(4 * AUTHORITY_NUMBERS);
  numbers.forEach((number, index) => writeU32(fields, 4 * index, Number(number)));
  return ok(concatBytes(first.value, second.value, fields));
}

function emitAddress(value: string, wished: 4 | 6): Result<Uint8Array, string> {
  const address = parseIp(value);
  if (!address.ok) return address;
  return address.value.family === wished
    ? ok(address.value.bytes)
    : fail(`Expected an IPv${wished} address for the record, found ${JSON.stringify(value)}`);
}

/** TXT data is strings of up to 255 octets, which stand for their concatenation (RFC 7208 section 3.3). */
function readText(bytes: Uint8Array, start: number, end: number): Result<string, string> {
  let text = '';
  for (let at = start; at < end;) {
    const stop = at + 1 + readU8(bytes, at);
    if (stop > end) return fail('DNS TXT string is longer than its record');
    text += latin1(bytes, at + 1, stop);
    at = stop;
  }
  return ok(text);
}

function emitText(text: string): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < text.length; at += 255) {
    const piece = fromLatin1(text.slice(at, at + 255));
    parts.push(Uint8Array.of(piece.length), piece);
  }
  return concatBytes(...parts);
}

const withoutDot = (name: string): string => name.replace(/\.$/, '');

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
