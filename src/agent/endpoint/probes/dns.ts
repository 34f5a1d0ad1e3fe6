import { setTimeout as wait } from 'node:timers/promises';
import type { ProbeSpec } from '../../../model/traffic.ts';
import {
  isConflicting,
  lookupOutcome,
  lookupQuery,
  readLookupAnswer,
} from '../../../traffic/dns-lookup.ts';
import type { Lookup, LookupOutcome } from '../../../traffic/dns-lookup.ts';
import { unknownFailure } from '../../../traffic/failure.ts';
import type { DnsMessage } from '../../../wire/dns.ts';
import { nowMicros } from '../clock.ts';
import type { Linger } from '../linger.ts';
import { ProbeFailure } from '../measurement.ts';
import type { Measurement } from '../measurement.ts';
import { createDnsFramer, frameDns } from '../../../traffic/dns-frame.ts';
import { readStream } from './read-stream.ts';
import { connectTcp } from './tcp-connection.ts';
import { closeUdp, connectUdp, exchangeDatagrams } from './udp-socket.ts';

type DnsProbe = Extract<ProbeSpec, { kind: 'dns' }>;

/** Asks one question as a stub resolver does: the first message that answers it counts. */
export async function probeDns(
  probe: DnsProbe,
  measurement: Measurement,
  linger: Linger,
): Promise<void> {
  const { qname, qtype, expectAnswers } = probe;
  const lookup: Lookup = { id: Math.floor(Math.random() * 0x1_0000), qname, qtype, expectAnswers };
  const query = lookupQuery(lookup);
  if (!query.ok) throw new ProbeFailure(unknownFailure(query.error), query.error);
  const ask = probe.transport === 'udp' ? askOverUdp : askOverTcp;
  const { outcome, note } = await ask({ probe, measurement, linger, lookup, query: query.value });
  measurement.operation = 'resolve';
  measurement.findings.answers = outcome.answers;
  if (outcome.failure !== null)
    throw new ProbeFailure(outcome.failure, [outcome.detail, note].filter(Boolean).join('; '));
  if (note !== undefined) measurement.findings.detail = note;
}

/** Milliseconds after the first answer in which another still counts as having raced it. */
const RACE_MS = 20;

interface Question {
  readonly probe: DnsProbe;
  readonly measurement: Measurement;
  readonly linger: Linger;
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
  closeUdp(socket);
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
  const { probe, measurement, linger, lookup, query } = question;
  const socket = await connectTcp(probe.target, measurement);
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
