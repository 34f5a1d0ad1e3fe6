// Protected records: RFC 8446 section 5.2.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type {
  CipherChaCha20Poly1305,
  CipherGCM,
  DecipherChaCha20Poly1305,
  DecipherGCM,
} from 'node:crypto';
import { concatBytes, writeU16, writeU32 } from '../../../wire/bytes.ts';
import { TLS_RECORD_HEADER_LENGTH } from '../../../wire/tls.ts';
import type { CipherSuite } from './cipher-suite.ts';
import { expandLabel } from './key-schedule.ts';
import { RECORD } from './records.ts';
import type { TlsRecord } from './records.ts';
import { ALERT, TlsFault } from './tls-fault.ts';

const TAG_LENGTH = 16;
const NONCE_LENGTH = 12;
/** Bytes of the longest content of a record (section 5.1). */
const MAX_CONTENT = 16_384;

/** One direction of a connection under one secret: records are counted. */
export interface Protection {
  /** Content in as many records as it takes. */
  seal(type: number, content: Uint8Array): Uint8Array;
  /** Throws a `TlsFault` for what nobody with the secret has written. */
  open(record: TlsRecord): TlsRecord;
}

export function createProtection(suite: CipherSuite, secret: Uint8Array): Protection {
  const nothing = new Uint8Array(0);
  const key = expandLabel(suite, secret, 'key', nothing, suite.keyLength);
  const fixed = expandLabel(suite, secret, 'iv', nothing, NONCE_LENGTH);
  let sequence = 0;
  /** Section 5.3: the number of the record is mixed into the last bytes. */
  const nextNonce = (): Uint8Array => {
    const number = new Uint8Array(NONCE_LENGTH);
    writeU32(number, 4, Math.floor(sequence / 2 ** 32));
    writeU32(number, 8, sequence % 2 ** 32);
    sequence += 1;
    return fixed.map((byte, index) => byte ^ (number[index] ?? 0));
  };
  const sealOne = (type: number, content: Uint8Array): Uint8Array => {
    const header = recordHeader(content.length + 1 + TAG_LENGTH);
    const cipher = cipherOf(suite, key, nextNonce());
    cipher.setAAD(header, { plaintextLength: content.length + 1 });
    const sealed = cipher.update(concatBytes(content, Uint8Array.of(type)));
    cipher.final();
    return concatBytes(header, sealed, cipher.getAuthTag());
  };
  return {
    seal: (type, content) => {
      const records: Uint8Array[] = [];
      for (let at = 0; at === 0 || at < content.length; at += MAX_CONTENT)
        records.push(sealOne(type, content.subarray(at, at + MAX_CONTENT)));
      return concatBytes(...records);
    },
    open: ({ content }) => {
      const end = content.length - TAG_LENGTH;
      const decipher = decipherOf(suite, key, nextNonce());
      try {
        decipher.setAAD(recordHeader(content.length), { plaintextLength: Math.max(0, end) });
        decipher.setAuthTag(content.subarray(Math.max(0, end)));
        const inner = decipher.update(content.subarray(0, Math.max(0, end)));
        decipher.final();
        return withoutPadding(inner);
      } catch (cause) {
        if (cause instanceof TlsFault) throw cause;
        throw new TlsFault(
          'ERR_SSL_BAD_RECORD_MAC',
          'A record of the server cannot be decrypted',
          ALERT.badRecordMac,
        );
      }
    },
  };
}

const TAG = { authTagLength: TAG_LENGTH };

/** GCM and ChaCha20-Poly1305 are called alike; their types are two. */
function cipherOf(
  { cipher }: CipherSuite,
  key: Uint8Array,
  nonce: Uint8Array,
): CipherGCM | CipherChaCha20Poly1305 {
  return cipher === 'chacha20-poly1305'
    ? createCipheriv(cipher, key, nonce, TAG)
    : createCipheriv(cipher, key, nonce, TAG);
}

function decipherOf(
  { cipher }: CipherSuite,
  key: Uint8Array,
  nonce: Uint8Array,
): DecipherGCM | DecipherChaCha20Poly1305 {
  return cipher === 'chacha20-poly1305'
    ? createDecipheriv(cipher, key, nonce, TAG)
    : createDecipheriv(cipher, key, nonce, TAG);
}

function recordHeader(length: number): Uint8Array {
  const header = new Uint8Array(TLS_RECORD_HEADER_LENGTH);
  header[0] = RECORD.applicationData;
  writeU16(header, 1, 0x0303);
  writeU16(header, 3, length);
  return header;
}

/** The type is the last byte that is not zero (section 5.4). */
function withoutPadding(inner: Uint8Array): TlsRecord {
  const last = inner.findLastIndex((byte) => byte !== 0);
  if (last < 0)
    throw new TlsFault('ERR_SSL_DECODE', 'A record holds nothing', ALERT.unexpectedMessage);
  return { type: inner[last] ?? 0, content: inner.subarray(0, last) };
}
