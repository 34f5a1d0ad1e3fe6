// DNS resource records: RFC 1035 section 3.2. What they say is in dns-value.ts.
import { type Result, fail, ok } from '../base/result.ts';
import { concatBytes, readU16, readU32, writeU16, writeU32 } from './bytes.ts';
import { emitName, readName } from './dns-name.ts';
import { emitValue, readValue } from './dns-value.ts';

export interface DnsResourceRecord {
  readonly name: string;
  readonly type: number;
  readonly class: number;
  /** Seconds. */
  readonly ttl: number;
  /** As zone files write it, names in lower case and without their last dot; of unknown types: hexadecimal digits. */
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

export function emitRecord(record: DnsResourceRecord): Result<Uint8Array, string> {
  const name = emitName(record.name);
  if (!name.ok) return name;
  const value = emitValue(record.type, record.value);
  if (!value.ok) return value;
  const fields = new Uint8Array(10);
  writeU16(fields, 0, record.type);
  writeU16(fields, 2, record.class);
  writeU32(fields, 4, record.ttl);
  writeU16(fields, 8, value.value.length);
  return ok(concatBytes(name.value, fields, value.value));
}
