import { DNS_RCODE, emitDns, parseDns } from '../wire/dns.ts';
import type { DnsMessage, DnsResourceRecord } from '../wire/dns.ts';
import type { Zone } from './dns-zone.ts';

/** Bytes of a UDP answer to a query without EDNS (RFC 1035 section 4.2.1). */
const UDP_LIMIT = 512;
/** Bytes of the longest message over TCP, whose length field has 16 bits. */
const TCP_LIMIT = 65_535;
/** The type of the EDNS pseudo-record; its class is the size of UDP messages that the asker takes (RFC 6891 section 6.1.2). */
const OPT = 41;

/** The bytes that answer a query; null for what is no query and deserves no answer. */
export function answerDnsQuery(
  zone: Zone,
  bytes: Uint8Array,
  transport: 'udp' | 'tcp',
): Uint8Array | null {
  const query = parseDns(bytes);
  if (!query.ok || query.value.isResponse) return null;
  const edns = query.value.additionals.find((record) => record.type === OPT);
  const limit = transport === 'tcp' ? TCP_LIMIT : Math.max(UDP_LIMIT, edns?.class ?? UDP_LIMIT);
  const response = respond(zone, query.value, edns !== undefined);
  const whole = emitDns(response);
  if (whole.ok && whole.value.length <= limit) return whole.value;
  // Too long for a datagram: the asker shall come again over TCP (RFC 2181 section 9). Without a wire form: a fault of ours.
  const short = emitDns({
    ...response,
    answers: [],
    truncated: whole.ok,
    rcode: whole.ok ? response.rcode : DNS_RCODE.SERVFAIL,
  });
  return short.ok ? short.value : null;
}

function respond(zone: Zone, query: DnsMessage, edns: boolean): DnsMessage {
  const { id, opcode, recursionDesired, questions } = query;
  const [question] = questions;
  const base = {
    id,
    opcode,
    recursionDesired,
    questions,
    isResponse: true,
    authoritative: true,
    truncated: false,
    recursionAvailable: true,
    answers: [],
    authorities: [],
    additionals: edns ? [OUR_OPT] : [],
  };
  if (opcode !== 0) return { ...base, rcode: DNS_RCODE.NOTIMP };
  if (!question || questions.length !== 1) return { ...base, rcode: DNS_RCODE.FORMERR };
  const { rcode, answers } = zone.answer(question);
  return { ...base, rcode: DNS_RCODE[rcode], answers };
}

/** We take datagrams of 1232 bytes, which fit the smallest IPv6 MTU, and set no flags. */
const OUR_OPT: DnsResourceRecord = { name: '', type: OPT, class: 1232, ttl: 0, value: '' };
