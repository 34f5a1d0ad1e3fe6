// DNS resource records: RFC 1035 section 3.2 and 3.3, AAAA from RFC 3596. Unknown types keep their bytes.
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

export const DNS_TYPE = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  TXT: 16,
  AAAA: 28,
  OPT: 41,
} as const;

export interface DnsResourceRecord {
  readonly name: string;
  readonly type: number;
  readonly class: number;
  /** Seconds. */
  readonly ttl: number;
  /** A and AAAA: the address; CNAME, NS and PTR: the name; TXT: the text; other types: hexadecimal digits. */
  readonly value: string;
}

/** Reads `count` records from `start`; `next` is the offset after the last. */
export function readRecords(
  bytes: Uint8Array,
  start: number,
  count: number,
): Result<{ readonly records: readonly DnsResourceRecord[]; readonly next: number }, string> {
  const records: DnsResourceRecord[] = [];
  let at = start;
  for (let left = count; left > 0; left -= 1) {
    const name = readName(bytes, at);
    if (!name.ok) return name;
    const fields = name.value.next;
    const data = fields + 10;
    if (data > bytes.length) return fail('DNS record ends outside the message');
    const end = data + readU16(bytes, fields + 8);
    if (end > bytes.length) return fail('DNS record data ends outside the message');
    const type = readU16(bytes, fields);
    const value = readValue(bytes, type, data, end);
    if (!value.ok) return value;
    records.push({
      name: name.value.name,
      type,
      class: readU16(bytes, fields + 2),
      ttl: readU32(bytes, fields + 4),
      value: value.value,
    });
    at = end;
  }
  return ok({ records, next: at });
}

function readValue(
  bytes: Uint8Array,
  type: number,
  start: number,
  end: number,
): Result<string, string> {
  switch (type) {
    case DNS_TYPE.A:
      if (end - start !== 4) return fail('DNS A record does not have 4 bytes');
      return ok(formatIp({ family: 4, bytes: bytes.subarray(start, end) }));
    case DNS_TYPE.AAAA:
      if (end - start !== 16) return fail('DNS AAAA record does not have 16 bytes');
      return ok(formatIp({ family: 6, bytes: bytes.subarray(start, end) }));
    case DNS_TYPE.CNAME:
    case DNS_TYPE.NS:
    case DNS_TYPE.PTR: {
      const name = readName(bytes, start);
      return name.ok ? ok(name.value.name) : name;
    }
    case DNS_TYPE.TXT:
      return readText(bytes, start, end);
    default:
      return ok(
        Array.from(bytes.subarray(start, end), (byte) => byte.toString(16).padStart(2, '0')).join(
          '',
        ),
      );
  }
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

export function emitRecord(record: DnsResourceRecord): Result<Uint8Array, string> {
  const name = emitName(record.name);
  if (!name.ok) return name;
  const value = emitValue(record);
  if (!value.ok) return value;
  const fields = new Uint8Array(10);
  writeU16(fields, 0, record.type);
  writeU16(fields, 2, record.class);
  writeU32(fields, 4, record.ttl);
  writeU16(fields, 8, value.value.length);
  return ok(concatBytes(name.value, fields, value.value));
}

function emitValue(record: DnsResourceRecord): Result<Uint8Array, string> {
  switch (record.type) {
    case DNS_TYPE.A:
    case DNS_TYPE.AAAA: {
      const address = parseIp(record.value);
      if (!address.ok) return address;
      const wished = record.type === DNS_TYPE.A ? 4 : 6;
      return address.value.family === wished
        ? ok(address.value.bytes)
        : fail(
            `Expected an IPv${wished} address for the record, found ${JSON.stringify(record.value)}`,
          );
    }
    case DNS_TYPE.CNAME:
    case DNS_TYPE.NS:
    case DNS_TYPE.PTR:
      return emitName(record.value);
    case DNS_TYPE.TXT:
      return ok(emitText(record.value));
    default:
      return ok(
        Uint8Array.from(record.value.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
      );
  }
}

function emitText(text: string): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < text.length; at += 255) {
    const piece = fromLatin1(text.slice(at, at + 255));
    parts.push(Uint8Array.of(piece.length), piece);
  }
  return concatBytes(...parts);
}
