import type { HttpVersion } from '../model/probe.ts';

/** The names of HTTP in TLS: RFC 7301 section 6 and RFC 9113 section 3.1. */
export const ALPN_OF: Readonly<Record<HttpVersion, string>> = { '1.1': 'http/1.1', '2': 'h2' };

/** What a probe asks for. */
export interface HttpRequest {
  readonly method: string;
  /** The request target as written on the request line. */
  readonly path: string;
  /** The Host header exactly as it goes out. */
  readonly host: string;
  /** Fields besides Host, in the order that they go out, names in lower case. */
  readonly fields?: readonly (readonly [string, string])[];
  readonly body?: Uint8Array;
}

/**
 * The head of an HTTP/1.1 request (RFC 9112 section 3). It does not ask the server to close: a server that closes at once
 * answers the TLS closure alert, which crosses its FIN, with a RST.
 */
export const httpRequestHead = (request: HttpRequest): string =>
  [
    `${request.method} ${request.path} HTTP/1.1`,
    `Host: ${request.host}`,
    ...requestFields(request).map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\r\n');

/** The fields of a request besides its host, in any version of HTTP. */
export const requestFields = ({ fields = [], body }: HttpRequest): [string, string][] => [
  ['User-Agent', 'netscenario'],
  ...(fields.some(([name]) => name.toLowerCase() === 'accept')
    ? []
    : [['Accept', '*/*'] as [string, string]]),
  ...fields.map(([name, value]): [string, string] => [name, value]),
  ...(body ? [['Content-Length', String(body.length)] as [string, string]] : []),
];
