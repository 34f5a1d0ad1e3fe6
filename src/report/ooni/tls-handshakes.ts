// df-006: TLS handshakes. What was negotiated no probe notes, so these keys are empty.
import { type Attempt, failureDuring, remoteOf, runtimeOf, seconds } from './attempt.ts';

export interface TlsHandshake {
  readonly address: string;
  readonly cipher_suite: string;
  readonly failure: string | null;
  readonly negotiated_protocol: string;
  readonly no_tls_verify: boolean;
  readonly peer_certificates: readonly never[];
  readonly server_name: string;
  readonly t0: number;
  readonly t: number;
  readonly tls_version: string;
}

/** None for an attempt that did not come to one. */
export function tlsHandshakes({ observation, probe }: Attempt): TlsHandshake[] {
  const { fiveTuple, timings } = observation;
  const failure = failureDuring(observation, 'tls_handshake');
  const done = timings['tls_handshake'];
  if (!fiveTuple || (done === undefined && failure === null)) return [];
  return [
    {
      address: remoteOf(fiveTuple),
      cipher_suite: '',
      failure,
      negotiated_protocol: '',
      no_tls_verify: probe !== null && 'verify' in probe && !probe.verify,
      peer_certificates: [],
      server_name: probe !== null && 'sni' in probe ? probe.sni : '',
      t0: seconds(timings['connect'] ?? 0),
      t: done === undefined ? runtimeOf(observation) : seconds(done),
      tls_version: '',
    },
  ];
}
