// A DNS measurement without its socket: the query, whether a message answers it, and what the answer amounts to.
import { parseIp, formatIp } from '../base/addresses.ts';
import { type Result, fail, ok } from '../base/result.ts';
import type { DnsType } from '../model/probe.ts';
import { DNS_TYPE, buildDnsQuery, formatRcode, parseDns } from '../wire/dns.ts';
import type { DnsMessage } from '../wire/dns.ts';
import { canonicalName } from './dns-zone.ts';
import { rcodeFailure } from './failure.ts';

export interface Lookup {
  /** 16 bits, chosen at random. */
  readonly id: number;
  readonly qname: string;
  readonly qtype: DnsType;
  /** Answers that are right; empty means any answer is. */
  readonly expectAnswers: readonly string[];
}

export interface LookupOutcome {
  /** OONI failure string, null for success. */
  readonly failure: string | null;
  /** Values of the records of the type asked for, in the order of the message. */
  readonly answers: readonly string[];
  readonly detail?: string;
}

/** The query; fails on a name that has no wire form. */
export const lookupQuery = ({ id, qname, qtype }: Lookup): Result<Uint8Array, string> =>
  buildDnsQuery(id, canonicalName(qname), DNS_TYPE[qtype]);

/** The message if it answers the query: same id, same question. Stub resolvers go on waiting otherwise (RFC 5452 section 9.1). */
export function readLookupAnswer(lookup: Lookup, bytes: Uint8Array): Result<DnsMessage, string> {
  const message = parseDns(bytes);
  if (!message.ok) return message;
  const { id, isResponse, questions } = message.value;
  if (!isResponse) return fail('The message is a query');
  if (id !== lookup.id) return fail(`The answer has id ${id}, the query ${lookup.id}`);
  const [question] = questions;
  // Some servers leave the question out when they fail.
  if (!question) return message;
  return question.name === canonicalName(lookup.qname) && question.type === DNS_TYPE[lookup.qtype]
    ? ok(message.value)
    : fail(`The answer is to another question: ${JSON.stringify(question.name)}`);
}

/** What the answer amounts to, in OONI's words; an answer that is none of those expected is `dns_bogon_error`. */
export function lookupOutcome(lookup: Lookup, message: DnsMessage): LookupOutcome {
  const answers = message.answers
    .filter((record) => record.type === DNS_TYPE[lookup.qtype])
    .map((record) => record.value);
  const failure = rcodeFailure(message.rcode);
  if (failure !== null)
    return { failure, answers, detail: `The server answered ${formatRcode(message.rcode)}` };
  if (answers.length === 0)
    return { failure: 'dns_no_answer', answers, detail: `No ${lookup.qtype} record in the answer` };
  const expected = new Set(lookup.expectAnswers.map((value) => comparable(lookup, value)));
  const wrong = answers.filter((value) => !expected.has(comparable(lookup, value)));
  if (expected.size === 0 || wrong.length === 0) return { failure: null, answers };
  const detail = `Expected ${lookup.expectAnswers.join(', ')}, found ${wrong.join(', ')}`;
  return { failure: 'dns_bogon_error', answers, detail };
}

/** Whether two outcomes say something different: forged and true answer of one query, for example. */
export const isConflicting = (left: LookupOutcome, right: LookupOutcome): boolean =>
  left.failure !== right.failure ||
  [...left.answers].sort().join('\n') !== [...right.answers].sort().join('\n');

function comparable({ qtype }: Lookup, value: string): string {
  if (qtype === 'TXT') return value;
  if (qtype !== 'A' && qtype !== 'AAAA') return canonicalName(value);
  const address = parseIp(value);
  return address.ok ? formatIp(address.value) : value;
}
