import { concatBytes, readU16, readU8, writeU16 } from '../../../wire/bytes.ts';
import { TLS_RECORD_HEADER_LENGTH } from '../../../wire/tls.ts';
import { ALERT, TlsFault } from './tls-fault.ts';

/** Content types (RFC 8446 section 5.1). */
export const RECORD = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
} as const;

export interface TlsRecord {
  readonly type: number;
  readonly content: Uint8Array;
}

/** 2^14 bytes and what protection may add (section 5.2). */
const MAX_LENGTH = 16_384 + 256;

/** A record that is not protected. */
export function plainRecord(type: number, content: Uint8Array): Uint8Array {
  const header = new Uint8Array(TLS_RECORD_HEADER_LENGTH);
  header[0] = type;
  writeU16(header, 1, 0x0303);
  writeU16(header, 3, content.length);
  return concatBytes(header, content);
}

export interface RecordReader {
  /** Takes the next bytes and gives the records that they complete; throws a `TlsFault` for what is no TLS. */
  push(bytes: Uint8Array): TlsRecord[];
}

export function createRecordReader(): RecordReader {
  let pending = new Uint8Array(0);
  return {
    push: (bytes) => {
      pending = Uint8Array.from(concatBytes(pending, bytes));
      const records: TlsRecord[] = [];
      let at = 0;
      while (at + TLS_RECORD_HEADER_LENGTH <= pending.length) {
        const end = at + TLS_RECORD_HEADER_LENGTH + lengthOf(pending, at);
        if (end > pending.length) break;
        const content = pending.slice(at + TLS_RECORD_HEADER_LENGTH, end);
        records.push({ type: readU8(pending, at), content });
        at = end;
      }
      pending = pending.slice(at);
      return records;
    },
  };
}

function lengthOf(bytes: Uint8Array, at: number): number {
  const type = readU8(bytes, at);
  const length = readU16(bytes, at + 3);
  if (
    type < RECORD.changeCipherSpec ||
    type > RECORD.applicationData ||
    readU8(bytes, at + 1) !== 3
  )
    throw new TlsFault('ERR_SSL_WRONG_VERSION_NUMBER', 'The server does not speak TLS', null);
  if (length > MAX_LENGTH)
    throw new TlsFault(
      'ERR_SSL_RECORD_OVERFLOW',
      `The server sent a record of ${length} bytes`,
      ALERT.decodeError,
    );
  return length;
}
