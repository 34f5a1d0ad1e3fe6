// df-002: DNS queries.
import type { ProbeSpec } from '../../model/traffic.ts';
import { type Attempt, endpointOf, runtimeOf, seconds } from './attempt.ts';

export interface Query {
  readonly answers: readonly Answer[];
  readonly engine: string;
  readonly failure: string | null;
  readonly hostname: string;
  readonly query_type: string;
  readonly resolver_address: string;
  readonly t0: number;
  readonly t: number;
}

/** Of other types OONI knows no key for the value. */
interface Answer {
  readonly answer_type: string;
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly hostname?: string;
  readonly ttl: null;
}

/** One of a DNS probe, none of the others. */
export function queries({ observation, probe }: Attempt): Query[] {
  if (probe?.kind !== 'dns') return [];
  const { failure, answers, timings } = observation;
  const { qname, qtype, transport, target } = probe;
  const response = timings['response'];
  return [
    {
      answers: (answers ?? []).map((value) => answerOf(qtype, value)),
      engine: transport,
      failure,
      hostname: qname,
      query_type: qtype,
      resolver_address: endpointOf(target.address, target.port),
      t0: 0,
      t: response === undefined ? runtimeOf(observation) : seconds(response),
    },
  ];
}

type Qtype = Extract<ProbeSpec, { kind: 'dns' }>['qtype'];

function answerOf(qtype: Qtype, value: string): Answer {
  const common = { answer_type: qtype, ttl: null };
  switch (qtype) {
    case 'A':
      return { ...common, ipv4: value };
    case 'AAAA':
      return { ...common, ipv6: value };
    case 'CNAME':
      return { ...common, hostname: value };
    case 'TXT':
    case 'MX':
    case 'NS':
    case 'SOA':
    case 'PTR':
    case 'SRV':
    case 'HTTPS':
      return common;
  }
}
