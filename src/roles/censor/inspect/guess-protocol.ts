// What one payload by itself looks like, whatever was said before and on whatever port: the first glance of a protocol filter.
import { latin1, readU16, readU8 } from '../../../wire/bytes.ts';
import { DNS_HEADER_LENGTH, parseDnsQuestions } from '../../../wire/dns.ts';
import { startsLikeQuic } from '../../../wire/quic/header.ts';

export type GuessedProtocol = 'tls' | 'http' | 'dns' | 'ssh' | 'quic' | 'unknown';

/** TLS content types: change_cipher_spec, alert, handshake and application_data (RFC 8446 section 5.1). */
const MIN_CONTENT = 20;
const MAX_CONTENT = 23;
const TLS_MAJOR = 3;
const MAX_MINOR = 4;
const RECORD_HEADER_LENGTH = 5;
/** 2^14 bytes and the expansion that RFC 5246 section 6.2.3 allows. */
const MAX_RECORD = 16_384 + 2048;
/** Long enough for any method and its space, or the start of a status line. */
const HTTP_GLANCE = 10;
const METHOD = /^(GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|PRI) /;
const STATUS_LINE = /^HTTP\/\d/;
const SSH_PREFIX = 'SSH-';
/** More are in no message of the field. */
const MAX_QUESTIONS = 8;
const MAX_RECORDS = 512;

/** The protocol that the range begins like; of an empty one nothing is known. */
export function guessProtocol(
  memory: Uint8Array,
  start: number,
  end: number,
  isUdp: boolean,
): GuessedProtocol {
  if (isUdp) {
    if (startsLikeQuic(memory, start, end)) return 'quic';
    return isDns(memory, start, end) ? 'dns' : 'unknown';
  }
  if (isTlsRecord(memory, start, end)) return 'tls';
  const glance = latin1(memory, start, Math.min(end, start + HTTP_GLANCE));
  if (METHOD.test(glance) || STATUS_LINE.test(glance)) return 'http';
  if (glance.startsWith(SSH_PREFIX)) return 'ssh';
  return isDnsOverTcp(memory, start, end) ? 'dns' : 'unknown';
}

function isTlsRecord(memory: Uint8Array, start: number, end: number): boolean {
  const type = readU8(memory, start);
  if (end - start < RECORD_HEADER_LENGTH || type < MIN_CONTENT || type > MAX_CONTENT) return false;
  const length = readU16(memory, start + 3);
  return (
    readU8(memory, start + 1) === TLS_MAJOR &&
    readU8(memory, start + 2) <= MAX_MINOR &&
    length > 0 &&
    length <= MAX_RECORD
  );
}

/** A message with its length before it (RFC 1035 section 4.2.2), whole: half of one has nothing to be known by. */
const isDnsOverTcp = (memory: Uint8Array, start: number, end: number): boolean =>
  end - start >= 2 + DNS_HEADER_LENGTH &&
  readU16(memory, start) === end - start - 2 &&
  isDns(memory, start + 2, end);

/** A query or an answer: opcode QUERY, the reserved bit clear, counts that are sane, and questions that can be read. */
function isDns(memory: Uint8Array, start: number, end: number): boolean {
  if (end - start < DNS_HEADER_LENGTH) return false;
  const flags = readU16(memory, start + 2);
  const questions = readU16(memory, start + 4);
  const records =
    readU16(memory, start + 6) + readU16(memory, start + 8) + readU16(memory, start + 10);
  if ((flags & 0x7840) !== 0 || questions < 1 || questions > MAX_QUESTIONS) return false;
  return records <= MAX_RECORDS && parseDnsQuestions(memory.subarray(start, end)).ok;
}
