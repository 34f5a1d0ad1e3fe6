import { expect } from 'chai';
import { failureOf, rcodeFailure, unknownFailure } from '../../src/traffic/failure.ts';
import type { Operation } from '../../src/traffic/failure.ts';

describe('traffic/failure', () => {
  const cases: readonly [string, string | undefined, Operation, string][] = [
    ['ECONNREFUSED', 'connect', 'connect', 'connection_refused'],
    ['ECONNRESET', 'read', 'read', 'connection_reset'],
    ['ECONNRESET', 'read', 'tls_handshake', 'connection_reset'],
    ['ECONNRESET', undefined, 'tls_handshake', 'eof_error'],
    ['EPIPE', 'write', 'write', 'connection_reset'],
    ['ETIMEDOUT', 'connect', 'connect', 'generic_timeout_error'],
    ['EHOSTUNREACH', 'connect', 'connect', 'host_unreachable'],
    ['ENETUNREACH', 'connect', 'connect', 'network_unreachable'],
    ['EPERM', 'connect', 'connect', 'permission_denied'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', undefined, 'tls_handshake', 'ssl_invalid_hostname'],
    ['SELF_SIGNED_CERT_IN_CHAIN', undefined, 'tls_handshake', 'ssl_unknown_authority'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', undefined, 'tls_handshake', 'ssl_unknown_authority'],
    ['CERT_HAS_EXPIRED', undefined, 'tls_handshake', 'ssl_invalid_certificate'],
    ['CERT_SIGNATURE_FAILURE', undefined, 'tls_handshake', 'ssl_invalid_certificate'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', undefined, 'tls_handshake', 'ssl_failed_handshake'],
    ['EPROTO', 'write', 'tls_handshake', 'ssl_failed_handshake'],
    ['ESOMETHING', 'read', 'read', 'unknown_failure: some words'],
    ['toString', 'read', 'read', 'unknown_failure: some words'],
  ];
  for (const [code, syscall, operation, wished] of cases)
    it(`failureOf() maps ${code} of ${syscall ?? 'no system call'} during ${operation} to ${wished}`, () => {
      expect(failureOf({ code, syscall, message: 'some words' }, operation)).to.equal(wished);
    });

  it('failureOf() keeps the text of an error without a code', () => {
    expect(failureOf({ message: 'some words' }, 'read')).to.equal(unknownFailure('some words'));
  });

  const rcodes: readonly [number, string | null][] = [
    [0, null],
    [2, 'dns_servfail_error'],
    [3, 'dns_nxdomain_error'],
    [5, 'dns_refused_error'],
    [4, 'dns_server_misbehaving'],
  ];
  for (const [rcode, wished] of rcodes)
    it(`rcodeFailure() maps ${rcode} to ${wished ?? 'success'}`, () => {
      expect(rcodeFailure(rcode)).to.equal(wished);
    });
});
