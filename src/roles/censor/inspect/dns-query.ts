import { DNS_HEADER_LENGTH, isDnsQuery, parseDnsQuestions } from '../../../wire/dns.ts';
import { readU16, readU8 } from '../../../wire/bytes.ts';
import type { DnsQuery } from './message.ts';

/** No resolver asks more than one question; a few are allowed for, as a query with two is a known evasion. */
const MAX_QUESTIONS = 8;

/** Whether the header is that of a standard query, on any port: this keeps other UDP traffic cheap and apart. */
export function looksLikeQuery(bytes: Uint8Array): boolean {
  if (bytes.length < DNS_HEADER_LENGTH || !isDnsQuery(bytes)) return false;
  const questions = readU16(bytes, 4);
  const opcode = (readU8(bytes, 2) >>> 3) & 0xf;
  const isOneSided = readU16(bytes, 6) === 0 && readU16(bytes, 8) === 0;
  return opcode === 0 && questions >= 1 && questions <= MAX_QUESTIONS && isOneSided;
}

/** The query in a datagram's payload, or null when it holds none. Records after the questions (EDNS) are not read. */
export function readDnsQuery(bytes: Uint8Array): DnsQuery | null {
  if (!looksLikeQuery(bytes)) return null;
  const questions = parseDnsQuestions(bytes);
  if (!questions.ok) return null;
  return {
    id: readU16(bytes, 0),
    qdcount: readU16(bytes, 4),
    opcode: 0,
    recursionDesired: (readU8(bytes, 2) & 1) !== 0,
    questions: questions.value.questions,
  };
}
