import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { invariant } from '../../../base/invariant.ts';
import type { SecureLookup } from '../../../model/probe.ts';
import type { ProbeSpec } from '../../../model/traffic.ts';
import {
  isConflicting,
  lookupOutcome,
  lookupQuery,
  readLookupAnswer,
} from '../../../traffic/dns-lookup.ts';
import type { Lookup, LookupOutcome } from '../../../traffic/dns-lookup.ts';
import { dohRequest } from '../../../traffic/doh.ts';
import { unknownFailure } from '../../../traffic/failure.ts';
import { ALPN_OF } from '../../../traffic/http-request.ts';
import type { DnsMessage } from '../../../wire/dns.ts';
import { closeDatagrams } from '../close-datagrams.ts';
import { nowMicros } from '../clock.ts';
import type { Linger } from '../linger.ts';
import { ProbeFailure } from '../measurement.ts';
import type { Measurement } from '../measurement.ts';
import type { TlsClient } from '../tls-client.ts';
import { exchangeHttp2 } from './http2-exchange.ts';
import { exchangeHttp } from './http-exchange.ts';
import { createDnsFramer, frameDns } from '../../../traffic/dns-frame.ts';
import { readStream } from './read-stream.ts';
import { connectTcp } from './tcp-connection.ts';
import { shakeHands } from './tls-handshake.ts';
import type { SecureStream } from './tls-handshake.ts';
import { connectUdp, exchangeDatagrams } from './udp-socket.ts';

type DnsProbe = Extract<ProbeSpec, { kind: 'dns' }>;

const ASK: Readonly<Record<DnsProbe['transport'], (question: Question) => Promise<Reply>>> = {
  udp: askOverUdp,
  tcp: askOverTcp,
  dot: askOverTls,
  doh: askOverHttps,
};

/** Asks one question as a stub resolver does: the first message that answers it counts. */
export async function probeDns(
  probe: DnsProbe,
  measurement: Measurement,
  linger: Linger,
  tls: () => Promise<TlsClient>,
): Promise<void> {
  const { qname, qtype, expectAnswers } = probe;
  // Over HTTPS the id is 0, which lets caches know a query again (RFC 8484 section 4.1).
  const id = probe.transport === 'doh' ? 0 : Math.floor(Math.random() * 0x1_0000);
  const lookup: Lookup = { id, qname, qtype, expectAnswers };
  const query = lookupQuery(lookup);
  if (!query.ok) throw new ProbeFailure(unknownFailure(query.error), query.error);
  const question = { probe, measurement, linger, tls, lookup, query: query.value };
  const { outcome, note } = await ASK[probe.transport](question);
  measurement.operation = 'resolve';
  measurement.findings.answers = outcome.answers;
  if (outcome.failure !== null)
    throw new ProbeFailure(outcome.failure, [outcome.detail, note].filter(Boolean).join('; '));
  if (note !== undefined) measurement.findings.detail = note;
}

/** Milliseconds after the first answer in which another still counts as having raced it. */
const RACE_MS = 20;
/** Bytes of the longest DNS message. */
const MESSAGE_LIMIT = 65_535;

interface Question {
  readonly probe: DnsProbe;
  readonly measurement: Measurement;
  readonly linger: Linger;
  readonly tls: () => Promise<TlsClient>;
  readonly lookup: Lookup;
  readonly query: Uint8Array;
}

interface Reply {
  readonly outcome: LookupOutcome;
  readonly note?: string;
}

async function askOverUdp(question: Question): Promise<Reply> {
  const { probe, measurement, lookup, query } = question;
  const socket = await connectUdp(probe.target, measurement);
  measurement.operation = 'resolve';
  const asked = performance.now();
  let first: DnsMessage | undefined;
  let ignored = 0;
  let conflicting = 0;
  await exchangeDatagrams(socket, query, (datagram) => {
    measurement.received += datagram.length;
    const answer = readLookupAnswer(lookup, datagram);
    if (!answer.ok) ignored += 1;
    else if (!first) first = answer.value;
    else if (isConflicting(lookupOutcome(lookup, first), lookupOutcome(lookup, answer.value)))
      conflicting += 1;
    if (first) measurement.mark('response');
    return first !== undefined;
  });
  const answered = performance.now();
  measurement.endedAt = nowMicros();
  // Whoever lost a close race is still heard; the probe's own time is over with the first answer.
  await wait(Math.max(0, Math.min(RACE_MS, probe.timeout - (answered - asked) - RACE_MS)));
  closeDatagrams(socket);
  if (!first) throw new ProbeFailure('dns_no_answer', 'No message answered the query');
  if (first.truncated) {
    delete measurement.endedAt;
    const { outcome } = await askOverTcp(question);
    return { outcome, note: 'The answer over UDP was truncated and asked for again over TCP' };
  }
  const notes = [
    ...(conflicting > 0 ? [`${conflicting} later answers say something else`] : []),
    ...(ignored > 0 ? [`${ignored} datagrams did not answer the query`] : []),
  ];
  const outcome = lookupOutcome(lookup, first);
  return notes.length === 0 ? { outcome } : { outcome, note: notes.join('; ') };
}

/** Messages over TCP have their length before them (RFC 1035 section 4.2.2). */
async function askOverTcp(question: Question): Promise<Reply> {
  return askOverStream(question, await connectTcp(question.probe.target, question.measurement));
}

/** DNS over TLS: RFC 7858. */
async function askOverTls(question: Question): Promise<Reply> {
  const { socket } = await secure(question, ['dot']);
  return askOverStream(question, socket);
}

async function askOverHttps(question: Question): Promise<Reply> {
  const { probe, measurement, linger, lookup, query } = question;
  const { path, method, version, serverName } = secureLookup(probe);
  const { socket, alpn } = await secure(question, [ALPN_OF[version]]);
  const host = serverName || probe.target.host;
  const request = dohRequest(query, { path, method, host });
  const options = { scheme: 'https', linger, bodyLimit: MESSAGE_LIMIT } as const;
  const { status, body } =
    alpn === 'h2'
      ? await exchangeHttp2(socket, request, measurement, options)
      : await exchangeHttp(socket, request, measurement, MESSAGE_LIMIT);
  if (alpn !== 'h2') linger.close(socket);
  // A page is what an HTTP probe keeps: here the body is a DNS message.
  delete measurement.findings.bodyStart;
  measurement.operation = 'resolve';
  if (status !== 200)
    throw new ProbeFailure('dns_server_misbehaving', `The server answered with status ${status}`);
  const answer = readLookupAnswer(lookup, body);
  if (!answer.ok) throw new ProbeFailure('dns_no_answer', answer.error);
  measurement.mark('response');
  return { outcome: lookupOutcome(lookup, answer.value) };
}

async function secure(
  { probe, measurement, tls }: Question,
  alpn: readonly string[],
): Promise<SecureStream> {
  const { serverName: sni, verify } = secureLookup(probe);
  const { target } = probe;
  const transport = await connectTcp(target, measurement);
  return shakeHands(transport, { target, sni, alpn, verify }, measurement, await tls());
}

function secureLookup({ secure: lookup }: DnsProbe): SecureLookup {
  invariant(lookup, 'A lookup over TLS says how');
  return lookup;
}

async function askOverStream(question: Question, socket: Duplex): Promise<Reply> {
  const { measurement, linger, lookup, query } = question;
  const framer = createDnsFramer();
  let reply: Reply | undefined;
  const answered = readStream(
    socket,
    {
      push: (bytes) => {
        for (const message of framer.push(bytes)) {
          const answer = readLookupAnswer(lookup, message);
          if (!answer.ok) continue;
          measurement.mark('response');
          reply = { outcome: lookupOutcome(lookup, answer.value) };
          return true;
        }
        return false;
      },
      end: () => false,
    },
    measurement,
  );
  socket.write(frameDns(query));
  await answered;
  linger.close(socket);
  if (!reply) throw new ProbeFailure('dns_no_answer', 'No message answered the query');
  return reply;
}
