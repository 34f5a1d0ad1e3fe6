// OONI failure strings of what browsers and curl report.
import { END_OF_FILE, type Operation, TIMEOUT, unknownFailure } from './failure.ts';

export interface NamedFailure {
  readonly failure: string;
  readonly operation: Operation;
}

const named = (failure: string, operation: Operation): NamedFailure => ({ failure, operation });

/** Of Chromium's net/base/net_error_list.h; those that are not listed and begin as a row of `FAMILIES` are of its kind. */
const CHROMIUM: Readonly<Record<string, NamedFailure>> = {
  ERR_NAME_NOT_RESOLVED: named('dns_nxdomain_error', 'resolve'),
  ERR_DNS_TIMED_OUT: named(TIMEOUT, 'resolve'),
  ERR_DNS_SERVER_FAILED: named('dns_servfail_error', 'resolve'),
  ERR_DNS_MALFORMED_RESPONSE: named('dns_server_misbehaving', 'resolve'),
  ERR_CONNECTION_REFUSED: named('connection_refused', 'connect'),
  ERR_ADDRESS_UNREACHABLE: named('host_unreachable', 'connect'),
  ERR_INTERNET_DISCONNECTED: named('network_unreachable', 'connect'),
  ERR_NETWORK_ACCESS_DENIED: named('permission_denied', 'connect'),
  ERR_CONNECTION_TIMED_OUT: named(TIMEOUT, 'connect'),
  ERR_TIMED_OUT: named(TIMEOUT, 'read'),
  ERR_CONNECTION_RESET: named('connection_reset', 'read'),
  ERR_CONNECTION_ABORTED: named('connection_aborted', 'read'),
  ERR_CONNECTION_CLOSED: named(END_OF_FILE, 'read'),
  ERR_EMPTY_RESPONSE: named(END_OF_FILE, 'read'),
  ERR_NETWORK_CHANGED: named('network_down', 'read'),
  ERR_CERT_COMMON_NAME_INVALID: named('ssl_invalid_hostname', 'tls_handshake'),
  ERR_CERT_AUTHORITY_INVALID: named('ssl_unknown_authority', 'tls_handshake'),
  ERR_QUIC_HANDSHAKE_FAILED: named('ssl_failed_handshake', 'quic_handshake'),
  ERR_QUIC_PROTOCOL_ERROR: named('http_request_failed', 'read'),
  ERR_TOO_MANY_REDIRECTS: named('http_request_failed', 'read'),
  ERR_CONTENT_LENGTH_MISMATCH: named('http_request_failed', 'read'),
  ERR_CONTENT_DECODING_FAILED: named('http_request_failed', 'read'),
  ERR_INCOMPLETE_CHUNKED_ENCODING: named('http_request_failed', 'read'),
};

const FAMILIES: readonly (readonly [string, NamedFailure])[] = [
  ['ERR_CERT_', named('ssl_invalid_certificate', 'tls_handshake')],
  ['ERR_SSL_', named('ssl_failed_handshake', 'tls_handshake')],
  ['ERR_BAD_SSL_', named('ssl_failed_handshake', 'tls_handshake')],
  ['ERR_HTTP2_', named('http_request_failed', 'read')],
  ['ERR_INVALID_', named('http_request_failed', 'read')],
  ['ERR_RESPONSE_', named('http_request_failed', 'read')],
];

/** Of what a browser says, such as `page.goto: net::ERR_CONNECTION_RESET at https://news.example/`. */
export function browserFailure(message: string): NamedFailure {
  const name = /net::(ERR_[A-Z0-9_]+)/.exec(message)?.[1];
  if (name === undefined) return named(unknownFailure(message), 'read');
  if (Object.hasOwn(CHROMIUM, name)) return CHROMIUM[name] ?? named(name, 'read');
  const family = FAMILIES.find(([prefix]) => name.startsWith(prefix))?.[1];
  return family ?? named(unknownFailure(name), 'read');
}

/** Exit codes of curl(1), where they say enough by themselves. */
const CURL: Readonly<Record<number, NamedFailure>> = {
  6: named('dns_nxdomain_error', 'resolve'),
  16: named('http_request_failed', 'read'),
  18: named(END_OF_FILE, 'read'),
  28: named(TIMEOUT, 'read'),
  47: named('http_request_failed', 'read'),
  52: named(END_OF_FILE, 'read'),
  61: named('http_request_failed', 'read'),
  92: named('http_request_failed', 'read'),
};

/** What curl adds in words, for the codes that stand for several things. */
const CURL_WORDS: readonly (readonly [readonly number[], RegExp, NamedFailure])[] = [
  [[7], /refused/i, named('connection_refused', 'connect')],
  [[7], /No route to host/i, named('host_unreachable', 'connect')],
  [[7], /unreachable/i, named('network_unreachable', 'connect')],
  [[35], /reset/i, named('connection_reset', 'tls_handshake')],
  [[35], /eof|SSL_ERROR_SYSCALL/i, named(END_OF_FILE, 'tls_handshake')],
  [[35], /./, named('ssl_failed_handshake', 'tls_handshake')],
  [[55, 56], /reset/i, named('connection_reset', 'read')],
  [[55, 56], /eof|closed/i, named(END_OF_FILE, 'read')],
  [[60], /subject name|host name/i, named('ssl_invalid_hostname', 'tls_handshake')],
  [[60], /issuer|self.signed/i, named('ssl_unknown_authority', 'tls_handshake')],
  [[60], /./, named('ssl_invalid_certificate', 'tls_handshake')],
];

/** Of the exit code of curl and what it says about it. */
export function curlFailure(code: number, message: string): NamedFailure {
  const [, , told] =
    CURL_WORDS.find(([codes, words]) => codes.includes(code) && words.test(message)) ?? [];
  return told ?? CURL[code] ?? named(unknownFailure(message || `curl exit code ${code}`), 'read');
}
