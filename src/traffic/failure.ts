// OONI failure strings (ooni/spec, data-formats/df-007-errors.md) for what the system, TLS and DNS report.

/** What an endpoint was doing, in OONI's words for operations. */
export type Operation =
  | 'connect'
  | 'tls_handshake'
  | 'quic_handshake'
  | 'resolve'
  | 'read'
  | 'write'
  | 'ping'
  | 'traceroute';

/** The facts of a Node error that decide the failure. */
export interface ErrorFacts {
  readonly code?: string | undefined;
  readonly syscall?: string | undefined;
  readonly message: string;
}

export const TIMEOUT = 'generic_timeout_error';
export const END_OF_FILE = 'eof_error';

const SYSTEM: Readonly<Record<string, string>> = {
  EACCES: 'permission_denied',
  EADDRINUSE: 'address_in_use',
  EADDRNOTAVAIL: 'address_not_available',
  EAFNOSUPPORT: 'address_family_not_supported',
  ECONNABORTED: 'connection_aborted',
  ECONNREFUSED: 'connection_refused',
  ECONNRESET: 'connection_reset',
  EHOSTUNREACH: 'host_unreachable',
  EINVAL: 'invalid_argument',
  EMSGSIZE: 'message_size',
  ENETDOWN: 'network_down',
  ENETRESET: 'network_reset',
  ENETUNREACH: 'network_unreachable',
  ENOBUFS: 'no_buffer_space',
  ENOTCONN: 'not_connected',
  // nftables and blackhole or prohibit routes answer a local sender with these.
  EPERM: 'permission_denied',
  // Linux reports a RST that comes after the peer's FIN as EPIPE (tcp_reset() in net/ipv4/tcp_input.c).
  EPIPE: 'connection_reset',
  // Whether the kernel's clock or the probe's ran out first is no finding.
  ETIMEDOUT: TIMEOUT,
};

/** X509_V_ERR_* of OpenSSL as Node names them; those not listed are `ssl_invalid_certificate`. */
const UNKNOWN_AUTHORITY: ReadonlySet<string> = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_UNTRUSTED',
]);
const INVALID_CERTIFICATE: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_SIGNATURE_FAILURE',
  'CERT_REVOKED',
  'CERT_REJECTED',
  'CERT_CHAIN_TOO_LONG',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
]);

/** The failure string of an error met during `operation`. */
export function failureOf(error: ErrorFacts, operation: Operation): string {
  const { code } = error;
  // Node calls a FIN before the handshake's end ECONNRESET too, but only a real RST comes from a system call.
  if (operation === 'tls_handshake' && code === 'ECONNRESET' && error.syscall === undefined)
    return END_OF_FILE;
  if (code === undefined) return unknownFailure(error.message);
  if (Object.hasOwn(SYSTEM, code)) return SYSTEM[code] ?? unknownFailure(error.message);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'ssl_invalid_hostname';
  if (UNKNOWN_AUTHORITY.has(code)) return 'ssl_unknown_authority';
  if (INVALID_CERTIFICATE.has(code)) return 'ssl_invalid_certificate';
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return 'ssl_failed_handshake';
  if (code.startsWith('ERR_HTTP2_')) return 'http_request_failed';
  return unknownFailure(error.message);
}

/** df-007: anything without a name of its own carries the text of the error. */
export const unknownFailure = (message: string): string => `unknown_failure: ${message}`;

/** The failure of a DNS response code (RFC 1035 section 4.1.1); null for NOERROR. */
export function rcodeFailure(rcode: number): string | null {
  switch (rcode) {
    case 0:
      return null;
    case 2:
      return 'dns_servfail_error';
    case 3:
      return 'dns_nxdomain_error';
    case 5:
      return 'dns_refused_error';
    default:
      return 'dns_server_misbehaving';
  }
}
