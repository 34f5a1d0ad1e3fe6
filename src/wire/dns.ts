// DNS messages: RFC 1035 section 4. Reading never throws; records are in dns-record.ts, names in dns-name.ts.
import { type Result, fail, ok } from '../base/result.ts';
import { concatBytes, readU16, readU8, writeU16 } from './bytes.ts';
import { emitName, readName } from './dns-name.ts';
import { type DnsResourceRecord, emitRecord, readRecords } from './dns-record.ts';

export type { DnsResourceRecord } from './dns-record.ts';
export { DNS_TYPE } from './dns-value.ts';

export const DNS_RCODE = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
} as const;
export type DnsRcode = keyof typeof DNS_RCODE;
export const DNS_CLASS_IN = 1;

/** Field offsets of the header, in bytes. */
const HEADER = { id: 0, flags: 2, questions: 4, answers: 6, authorities: 8, additionals: 10 };
export const DNS_HEADER_LENGTH = 12;

const FLAG = {
  response: 0x8000,
  authoritative: 0x0400,
  truncated: 0x0200,
  recursionDesired: 0x0100,
  recursionAvailable: 0x0080,
} as const;

export interface DnsQuestion {
  /** Lower case, no dot at the end. */
  readonly name: string;
  /** As it was spelled: answers echo it (0x20 mixing). Equal to `name` unless given. */
  readonly spelling?: string;
  readonly type: number;
  readonly class: number;
}

export interface DnsMessage {
  readonly id: number;
  readonly isResponse: boolean;
  readonly opcode: number;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionDesired: boolean;
  readonly recursionAvailable: boolean;
  readonly rcode: number;
  readonly questions: readonly DnsQuestion[];
  readonly answers: readonly DnsResourceRecord[];
  readonly authorities: readonly DnsResourceRecord[];
  readonly additionals: readonly DnsResourceRecord[];
}

/** `NXDOMAIN`, or `RCODE9` for codes without a name here. */
export const formatRcode = (rcode: number): string =>
  Object.entries(DNS_RCODE).find(([, code]) => code === rcode)?.[0] ?? `RCODE${rcode}`;

export function parseDns(bytes: Uint8Array): Result<DnsMessage, string> {
  const questions = parseDnsQuestions(bytes);
  if (!questions.ok) return questions;
  let at = questions.value.next;
  const sections: (readonly DnsResourceRecord[])[] = [];
  for (const field of [HEADER.answers, HEADER.authorities, HEADER.additionals]) {
    const section = readRecords(bytes, at, readU16(bytes, field));
    if (!section.ok) return section;
    sections.push(section.value.records);
    at = section.value.next;
  }
  const [answers = [], authorities = [], additionals = []] = sections;
  const flags = readU16(bytes, HEADER.flags);
  return ok({
    id: readU16(bytes, HEADER.id),
    isResponse: (flags & FLAG.response) !== 0,
    opcode: (flags >>> 11) & 0xf,
    authoritative: (flags & FLAG.authoritative) !== 0,
    truncated: (flags & FLAG.truncated) !== 0,
    recursionDesired: (flags & FLAG.recursionDesired) !== 0,
    recursionAvailable: (flags & FLAG.recursionAvailable) !== 0,
    rcode: flags & 0xf,
    questions: questions.value.questions,
    answers,
    authorities,
    additionals,
  });
}

/** Whether the header, if there is one, is that of a query. */
export const isDnsQuery = (bytes: Uint8Array): boolean =>
  bytes.length >= DNS_HEADER_LENGTH && (readU8(bytes, HEADER.flags) & 0x80) === 0;

/** The question section alone, for readers that do not care whether what comes after it is sound; of another count than the header's too. */
export function parseDnsQuestions(
  bytes: Uint8Array,
  count: number = readU16(bytes, HEADER.questions),
): Result<{ readonly questions: readonly DnsQuestion[]; readonly next: number }, string> {
  if (bytes.length < DNS_HEADER_LENGTH)
    return fail(`DNS message of ${bytes.length} bytes is shorter than its 12-byte header`);
  const questions: DnsQuestion[] = [];
  let at = DNS_HEADER_LENGTH;
  for (let left = count; left > 0; left -= 1) {
    const name = readName(bytes, at);
    if (!name.ok) return name;
    at = name.value.next;
    if (at + 4 > bytes.length) return fail('DNS question ends outside the message');
    questions.push({
      name: name.value.name,
      spelling: name.value.spelling,
      type: readU16(bytes, at),
      class: readU16(bytes, at + 2),
    });
    at += 4;
  }
  return ok({ questions, next: at });
}

/** A query for one name, recursion desired. */
export function buildDnsQuery(id: number, name: string, type: number): Result<Uint8Array, string> {
  return emitDns({
    ...NO_MESSAGE,
    id,
    recursionDesired: true,
    questions: [{ name, type, class: DNS_CLASS_IN }],
  });
}

/** What an answer adds to the query it echoes. */
export interface DnsAnswerSpec {
  readonly rcode: DnsRcode;
  readonly authoritative: boolean;
  readonly recursionAvailable: boolean;
  readonly answers: readonly DnsResourceRecord[];
}

/** The response to `query`: same id, same opcode, same question as it was spelled. */
export function buildDnsAnswer(
  query: Pick<DnsMessage, 'id' | 'opcode' | 'recursionDesired' | 'questions'>,
  answer: DnsAnswerSpec,
): Result<Uint8Array, string> {
  return emitDns({
    ...NO_MESSAGE,
    id: query.id,
    opcode: query.opcode,
    recursionDesired: query.recursionDesired,
    questions: query.questions,
    isResponse: true,
    authoritative: answer.authoritative,
    recursionAvailable: answer.recursionAvailable,
    rcode: DNS_RCODE[answer.rcode],
    answers: answer.answers,
  });
}

/** The wire form, names not compressed. Fails on names and values that have none. */
export function emitDns(message: DnsMessage): Result<Uint8Array, string> {
  const parts: Uint8Array[] = [emitHeader(message)];
  for (const question of message.questions) {
    const name = emitName(question.spelling ?? question.name);
    if (!name.ok) return name;
    const tail = new Uint8Array(4);
    writeU16(tail, 0, question.type);
    writeU16(tail, 2, question.class);
    parts.push(name.value, tail);
  }
  for (const record of [...message.answers, ...message.authorities, ...message.additionals]) {
    const bytes = emitRecord(record);
    if (!bytes.ok) return bytes;
    parts.push(bytes.value);
  }
  return ok(concatBytes(...parts));
}

const NO_MESSAGE: DnsMessage = {
  id: 0,
  isResponse: false,
  opcode: 0,
  authoritative: false,
  truncated: false,
  recursionDesired: false,
  recursionAvailable: false,
  rcode: 0,
  questions: [],
  answers: [],
  authorities: [],
  additionals: [],
};

function emitHeader(message: DnsMessage): Uint8Array {
  const header = new Uint8Array(DNS_HEADER_LENGTH);
  const flags =
    (message.isResponse ? FLAG.response : 0) |
    (message.opcode << 11) |
    (message.authoritative ? FLAG.authoritative : 0) |
    (message.truncated ? FLAG.truncated : 0) |
    (message.recursionDesired ? FLAG.recursionDesired : 0) |
    (message.recursionAvailable ? FLAG.recursionAvailable : 0) |
    message.rcode;
  writeU16(header, HEADER.id, message.id);
  writeU16(header, HEADER.flags, flags);
  writeU16(header, HEADER.questions, message.questions.length);
  writeU16(header, HEADER.answers, message.answers.length);
  writeU16(header, HEADER.authorities, message.authorities.length);
  writeU16(header, HEADER.additionals, message.additionals.length);
  return header;
}
