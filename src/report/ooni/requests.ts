// df-001: HTTP requests. Of a response the probe keeps the status and the beginning of the body.
import type { ProbeSpec } from '../../model/traffic.ts';
import { type Attempt, endpointOf, failureDuring, runtimeOf } from './attempt.ts';

export interface Request {
  readonly failure: string | null;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly headers_list: readonly (readonly [string, string])[];
    readonly body: string;
    readonly body_is_truncated: false;
  };
  readonly response: {
    readonly code: number;
    readonly body: string;
    /** Left out where the body may be whole. */
    readonly body_is_truncated?: true;
  } | null;
  readonly t: number;
}

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly host: string;
}

/** Of a probe that asks for a page, once it had a connection to ask over. */
export function requests({ observation, probe }: Attempt): Request[] {
  const asked = probe === null ? null : askedBy(probe);
  const { status, bodyStart = '', operation } = observation;
  if (!asked || operation === 'connect' || operation === 'tls_handshake') return [];
  const { method, url, host } = asked;
  return [
    {
      failure: failureDuring(observation, 'read', 'write'),
      request: {
        method,
        url,
        headers: { Host: host },
        headers_list: [['Host', host]],
        body: '',
        body_is_truncated: false,
      },
      response:
        status === undefined
          ? null
          : {
              code: status,
              body: bodyStart,
              ...(isCut(bodyStart) ? { body_is_truncated: true } : {}),
            },
      t: runtimeOf(observation),
    },
  ];
}

/** Bytes of a body that a probe keeps. */
const KEPT = 1024;

const isCut = (bodyStart: string): boolean => new TextEncoder().encode(bodyStart).length >= KEPT;

function askedBy(probe: ProbeSpec): Asked | null {
  if (probe.kind === 'http' || probe.kind === 'https') {
    const { method, path } = probe;
    const host = httpHost(probe);
    return { method, host, url: `${probe.kind}://${host}${path}` };
  }
  if ((probe.kind === 'tls' || probe.kind === 'quic') && probe.get !== null) {
    const host = probe.sni === '' ? probe.target.host : probe.sni;
    return { method: 'GET', host, url: `https://${host}${probe.get}` };
  }
  return null;
}

/** The Host field, or the address where the probe sends an empty one. */
export const httpHost = ({
  hostHeader,
  target,
}: Extract<ProbeSpec, { kind: 'http' | 'https' }>): string =>
  hostHeader === '' ? endpointOf(target.address, target.port) : hostHeader;
