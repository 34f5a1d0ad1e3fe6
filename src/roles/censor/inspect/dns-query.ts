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

/**
 * The query in a datagram's payload, or null when it holds none. Records after the questions (EDNS) are not read, and of questions that
 * the header speaks of some may be missing.
 */
export function readDnsQuery(bytes: Uint8Array): DnsQuery | null {
  if (!looksLikeQuery(bytes)) return null;
  const qdcount = readU16(bytes, 4);
  for (let count = qdcount; count > 0; count -= 1) {
    const questions = parseDnsQuestions(bytes, count);
    if (!questions.ok) continue;
    return {
      id: readU16(bytes, 0),
      qdcount,
      opcode: 0,
      recursionDesired: (readU8(bytes, 2) & 1) !== 0,
      questions: questions.value.questions,
    };
  }
  return null;
}
