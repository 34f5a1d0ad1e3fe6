// The stage that an attempt came to and how that ended, in Censored Planet's words: see model/outcome.ts.
import type { Observation } from '../model/observation.ts';
import type { Stage } from '../model/outcome.ts';
import type { Cause } from '../model/verdict.ts';

export interface Ending {
  readonly stage: Stage;
  readonly outcome: string;
}

/** `cause` is what packets proved: a page that was put in the server's place is no match, whatever the probe thinks of it. */
export function endingOf(observation: Observation, cause: Cause | null): Ending {
  const { failure } = observation;
  if (cause === 'injected-page' && observation.status !== undefined)
    return { stage: 'content', outcome: 'blockpage:injected' };
  if (failure === null) return { stage: reached(observation), outcome: 'match' };
  if (failure === 'interrupted') return { stage: 'setup', outcome: 'system_failure' };
  if (observation.probe === 'run') return { stage: 'unknown', outcome: 'unknown' };
  return contentEnding(observation, failure) ?? transportEnding(observation, failure);
}

/** How far a measurement got that nothing stopped. */
function reached({ probe, timings }: Observation): Stage {
  if (probe === 'run') return 'unknown';
  const has = (name: string): boolean => timings[name] !== undefined;
  if (has('done') || has('response') || has('first_byte')) return 'content';
  if (has('tls_handshake')) return 'tls';
  return has('connect') ? 'dial' : 'content';
}

const CERTIFICATE: readonly string[] = [
  'ssl_invalid_hostname',
  'ssl_unknown_authority',
  'ssl_invalid_certificate',
];

/** What came was not what was asked for. */
function contentEnding({ received, status }: Observation, failure: string): Ending | null {
  if (CERTIFICATE.includes(failure)) return { stage: 'tls', outcome: 'tls_mismatch' };
  switch (failure) {
    case 'http_unexpected_status_code':
      return { stage: 'content', outcome: `status_mismatch:${status ?? 'none'}` };
    case 'http_request_failed':
      return { stage: 'http', outcome: received === 0 ? 'http.empty' : 'http.invalid' };
    case 'dns_bogon_error':
      return { stage: 'content', outcome: 'mismatch' };
    case 'dns_no_answer':
      return { stage: 'content', outcome: 'ip.empty' };
    default:
      return null;
  }
}

/** Nothing came, or an error in its place. */
function transportEnding(observation: Observation, failure: string): Ending {
  const { operation } = observation;
  const stage = stageOf(operation);
  if (operation === 'resolve') return { stage, outcome: resolverOutcome(failure) };
  if (failure === 'eof_error') return endOfFile(observation, stage);
  return { stage, outcome: TRANSPORT[failure] ?? 'unknown' };
}

const STAGES: Readonly<Record<string, Stage>> = {
  connect: 'dial',
  tls_handshake: 'tls',
  quic_handshake: 'tls',
  resolve: 'read',
  write: 'write',
  read: 'read',
};

const stageOf = (operation: string | null): Stage => STAGES[operation ?? ''] ?? 'unknown';

const TRANSPORT: Readonly<Record<string, string>> = {
  generic_timeout_error: 'timeout',
  connection_refused: 'tcp.refused',
  connection_reset: 'tcp.reset',
  connection_aborted: 'tcp.reset',
  network_reset: 'tcp.reset',
  ssl_failed_handshake: 'tls.failed',
  network_unreachable: 'ip.network_unreachable',
  network_down: 'ip.network_unreachable',
  host_unreachable: 'ip.host_no_route',
};

/** Satellite has words of its own for what comes of a query. */
const RESOLVER: Readonly<Record<string, string>> = {
  generic_timeout_error: 'dns.timedout',
  connection_refused: 'dns.connrefused',
  host_unreachable: 'dns.hostunreach',
  network_unreachable: 'dns.hostunreach',
  dns_nxdomain_error: 'dns.error:NXDOMAIN',
  dns_servfail_error: 'dns.error:SERVFAIL',
  dns_refused_error: 'dns.error:REFUSED',
  dns_server_misbehaving: 'dns.error:OTHER',
  dns_reply_with_wrong_query_id: 'dns.protocol_error',
};

const resolverOutcome = (failure: string): string =>
  RESOLVER[failure] ?? TRANSPORT[failure] ?? 'unknown';

/** The peer closed too early. */
function endOfFile({ probe, received, status, timings }: Observation, stage: Stage): Ending {
  if (stage === 'tls') return { stage, outcome: 'tls.failed' };
  const isHttp = status !== undefined || probe === 'http' || timings['tls_handshake'] !== undefined;
  if (!isHttp) return { stage, outcome: 'mismatch' };
  return { stage, outcome: received === 0 ? 'http.empty' : 'http.truncated_response' };
}
