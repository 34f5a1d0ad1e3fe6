// DNS over HTTPS: RFC 8484.
import { type Result, fail, ok } from '../base/result.ts';
import { fromLatin1, latin1 } from '../wire/bytes.ts';
import type { HttpRequest } from './http-request.ts';

export const DNS_MESSAGE = 'application/dns-message';

export interface DohEndpoint {
  readonly path: string;
  readonly method: 'POST' | 'GET';
  readonly host: string;
}

/** The request that carries a query (section 4.1). */
export function dohRequest(query: Uint8Array, { path, method, host }: DohEndpoint): HttpRequest {
  const accept = ['Accept', DNS_MESSAGE] as const;
  if (method === 'POST')
    return { method, path, host, fields: [accept, ['Content-Type', DNS_MESSAGE]], body: query };
  const separator = path.includes('?') ? '&' : '?';
  return { method, path: `${path}${separator}dns=${base64url(query)}`, host, fields: [accept] };
}

/** The query in a request, or the status that refuses it. */
export function dohQuery(
  method: string | undefined,
  url: string | undefined,
  contentType: string | undefined,
  body: Uint8Array,
): Result<Uint8Array, number> {
  if (method === 'POST') return contentType === DNS_MESSAGE ? ok(body) : fail(415);
  if (method !== 'GET') return fail(405);
  const text = /[?&]dns=([A-Za-z0-9_-]+)(?:&|$)/.exec(url ?? '')?.[1];
  return text === undefined ? fail(400) : fromBase64url(text);
}

/** Section 6: without padding. */
const base64url = (bytes: Uint8Array): string =>
  btoa(latin1(bytes, 0, bytes.length))
    .replace(/[+]/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '');

/** One character too many is no whole byte. */
const fromBase64url = (text: string): Result<Uint8Array, number> =>
  text.length % 4 === 1
    ? fail(400)
    : ok(fromLatin1(atob(text.replace(/-/g, '+').replace(/_/g, '/'))));
