import type { HarHeader } from '../../wire/har.ts';

/**
 * Of the connection and not of the answer (RFC 9110 section 7.6.1), of the body as it then was, or an invitation to HTTP/3, which is not
 * served here.
 */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...[
    'connection',
    'keep-alive',
    'proxy-connection',
    'transfer-encoding',
    'upgrade',
    'te',
    'trailer',
  ],
  ...['content-length', 'content-encoding', 'alt-svc'],
]);

/** Of these HTTP/2 takes one value alone: Node sends no answer with more, and recordings have them twice. */
const SINGLE: ReadonlySet<string> = new Set([
  ...[
    'access-control-allow-credentials',
    'access-control-max-age',
    'access-control-request-method',
  ],
  ...['age', 'authorization', 'content-language', 'content-location', 'content-md5'],
  ...['content-range', 'content-type', 'date', 'dnt', 'etag', 'expires', 'from', 'host'],
  ...['if-match', 'if-modified-since', 'if-none-match', 'if-range', 'if-unmodified-since'],
  ...['last-modified', 'location', 'max-forwards', 'proxy-authorization', 'range', 'referer'],
  ...['retry-after', 'tk', 'upgrade-insecure-requests', 'user-agent', 'x-content-type-options'],
]);

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The headers that are sent again, by name: several of one name stay several, but for those of which there can be one alone. Those that HTTP does not allow are left out. */
export function recordedHeaders(
  headers: readonly HarHeader[],
): readonly (readonly [name: string, values: readonly string[]])[] {
  const kept = new Map<string, { name: string; values: string[] }>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (LEFT_OUT.has(key) || !TOKEN.test(name) || !VALUE.test(value)) continue;
    const known = kept.get(key);
    if (known === undefined) kept.set(key, { name, values: [value] });
    else if (!SINGLE.has(key)) known.values.push(value);
  }
  return [...kept.values()].map(({ name, values }) => [name, values] as const);
}

export const CODINGS = ['gzip', 'br', 'deflate'] as const;
export type ContentCoding = (typeof CODINGS)[number];

/** The coding that the body had, where it was one and the client takes it now; null: the body is sent as it is. */
export function recordedCoding(
  headers: readonly HarHeader[],
  acceptEncoding: string,
): ContentCoding | null {
  const coding = headers.find(([name]) => name.toLowerCase() === 'content-encoding')?.[1];
  const known = CODINGS.find((one) => one === coding?.trim().toLowerCase());
  if (known === undefined) return null;
  const accepted = acceptEncoding
    .toLowerCase()
    .split(',')
    .map((item) => item.trim())
    .filter((item) => !/;\s*q=0(\.0*)?$/.test(item))
    .map((item) => item.replace(/;.*$/s, '').trim());
  return accepted.includes(known) || accepted.includes('*') ? known : null;
}
