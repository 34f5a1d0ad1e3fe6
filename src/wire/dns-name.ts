// Domain names on the wire: labels and compression pointers, RFC 1035 sections 3.1 and 4.1.4.
import { type Result, fail, ok } from '../base/result.ts';
import { fromLatin1, latin1, readU16, readU8 } from './bytes.ts';

const POINTER = 0xc0;
/** Octets of a whole name on the wire, length bytes included (RFC 1035 section 2.3.4). */
const MAX_NAME = 255;
const MAX_LABEL = 63;
/** A name of 255 octets has at most 127 labels, and each needs one pointer; more only cost time. */
const MAX_POINTERS = 127;

export interface NameAt {
  /** Lower case, no dot at the end; empty is the root. Dots and backslashes within a label are escaped (RFC 1035 section 5.1). */
  readonly name: string;
  /** The name as it was spelled. */
  readonly spelling: string;
  /** The offset after the name where it stands. */
  readonly next: number;
}

/** Reads the name at `offset` of a message. Pointers must go backwards, so that no name can loop. */
export function readName(message: Uint8Array, offset: number): Result<NameAt, string> {
  const labels: string[] = [];
  let at = offset;
  let next = -1;
  let limit = offset;
  let length = 1;
  let pointers = 0;
  for (;;) {
    if (at >= message.length) return fail('DNS name ends outside the message');
    const size = readU8(message, at);
    if (size === 0) break;
    if ((size & POINTER) === POINTER) {
      if (at + 2 > message.length) return fail('DNS name ends within a pointer');
      const target = readU16(message, at) & 0x3fff;
      if (next < 0) next = at + 2;
      if (target >= limit) return fail('DNS name pointer does not point backwards');
      pointers += 1;
      if (pointers > MAX_POINTERS) return fail('DNS name has more than 127 pointers');
      limit = target;
      at = target;
      continue;
    }
    if ((size & POINTER) !== 0) return fail('DNS label type is neither text nor pointer');
    length += size + 1;
    if (length > MAX_NAME) return fail('DNS name is longer than 255 octets');
    if (at + 1 + size > message.length) return fail('DNS label ends outside the message');
    labels.push(latin1(message, at + 1, at + 1 + size).replace(/[.\\]/g, '\\$&'));
    at += size + 1;
  }
  const spelling = labels.join('.');
  return ok({ name: spelling.toLowerCase(), spelling, next: next < 0 ? at + 1 : next });
}

/** The uncompressed wire form. A dot at the end is optional. */
export function emitName(name: string): Result<Uint8Array, string> {
  const labels = splitLabels(name);
  const bytes: number[] = [];
  for (const label of labels) {
    if (label.length === 0 || label.length > MAX_LABEL)
      return fail(
        `DNS label must have 1 to 63 octets, found ${label.length} in ${JSON.stringify(name)}`,
      );
    bytes.push(label.length, ...fromLatin1(label));
  }
  bytes.push(0);
  if (bytes.length > MAX_NAME)
    return fail(`DNS name must have at most 255 octets, found ${bytes.length}`);
  return ok(Uint8Array.from(bytes));
}

/** Labels with their escapes undone; the root has none. */
function splitLabels(name: string): readonly string[] {
  const text = name.endsWith('.') && !name.endsWith('\\.') ? name.slice(0, -1) : name;
  if (text === '') return [];
  const labels: string[] = [];
  let label = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '.') {
      labels.push(label);
      label = '';
    } else if (character === '\\') {
      at += 1;
      label += text.charAt(at);
    } else label += character;
  }
  return [...labels, label];
}
