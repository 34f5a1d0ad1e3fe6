// ASN.1 Distinguished Encoding Rules (ITU-T X.690), as far as X.509 certificates need them: encoding only.

const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

const CONTEXT = 0x80;
const CONSTRUCTED = 0x20;

export const sequence = (...items: readonly Uint8Array[]): Uint8Array =>
  element(TAG.sequence, ...items);

/** A SET OF; DER wants its elements sorted, which a set of one always is. */
export const setOfOne = (item: Uint8Array): Uint8Array => element(TAG.set, item);

/** BOOLEAN; DER leaves out a component that equals its default, so false has no encoding here. */
export const booleanTrue = (): Uint8Array => element(TAG.boolean, Uint8Array.of(0xff));

/** INTEGER from the big-endian bytes of a number that is not negative. */
export function unsignedInteger(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  // The top bit is the sign: a zero byte in front keeps the number positive (X.690 section 8.3).
  const sign = (digits[0] ?? 0) >= 0x80 ? [Uint8Array.of(0)] : [];
  return element(TAG.integer, ...sign, digits);
}

/** BIT STRING; `unused` is how many of the last byte's low bits do not belong to it, 0 to 7. */
export const bitString = (bytes: Uint8Array, unused = 0): Uint8Array =>
  element(TAG.bitString, Uint8Array.of(unused), bytes);

export const octetString = (...content: readonly Uint8Array[]): Uint8Array =>
  element(TAG.octetString, ...content);

export const utf8String = (text: string): Uint8Array =>
  element(TAG.utf8String, new TextEncoder().encode(text));

/** OBJECT IDENTIFIER from its dotted form, such as `2.5.29.17` (X.690 section 8.19). */
export function objectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap(base128);
  return element(TAG.objectIdentifier, Uint8Array.from(bytes));
}

/** Time of a certificate's validity: UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 section 4.1.2.5). */
export function time(date: Date): Uint8Array {
  const digits = date.toISOString().replace(/\.\d+|[-:T]/g, '');
  const isUtcTime = date.getUTCFullYear() >= 1950 && date.getUTCFullYear() < 2050;
  const text = isUtcTime ? digits.slice(2) : digits;
  return element(
    isUtcTime ? TAG.utcTime : TAG.generalizedTime,
    Uint8Array.from(text, (character) => character.charCodeAt(0)),
  );
}

/** `[number] EXPLICIT`: the whole element, wrapped. */
export const explicit = (number: number, item: Uint8Array): Uint8Array =>
  element(CONTEXT | CONSTRUCTED | number, item);

/** `[number] IMPLICIT` of a primitive type: the content alone, under the context's tag. */
export const implicit = (number: number, content: Uint8Array): Uint8Array =>
  element(CONTEXT | number, content);

function element(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const size = content.reduce((sum, part) => sum + part.length, 0);
  const head = [tag, ...length(size)];
  const bytes = new Uint8Array(head.length + size);
  bytes.set(head);
  let offset = head.length;
  for (const part of content) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** Below 128 one byte; from there a count of bytes, then the length (X.690 section 8.1.3). */
function length(size: number): number[] {
  if (size < 0x80) return [size];
  const bytes: number[] = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

function base128(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    bytes.unshift(0x80 | (rest % 128));
  return bytes;
}
