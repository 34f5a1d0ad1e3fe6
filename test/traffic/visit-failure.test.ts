import { expect } from 'chai';
import { browserFailure, curlFailure } from '../../src/traffic/visit-failure.ts';

const BROWSER: readonly (readonly [string, string, string])[] = [
  ['ERR_NAME_NOT_RESOLVED', 'dns_nxdomain_error', 'resolve'],
  ['ERR_CONNECTION_REFUSED', 'connection_refused', 'connect'],
  ['ERR_CONNECTION_RESET', 'connection_reset', 'read'],
  ['ERR_EMPTY_RESPONSE', 'eof_error', 'read'],
  ['ERR_TIMED_OUT', 'generic_timeout_error', 'read'],
  ['ERR_ADDRESS_UNREACHABLE', 'host_unreachable', 'connect'],
  ['ERR_CERT_AUTHORITY_INVALID', 'ssl_unknown_authority', 'tls_handshake'],
  ['ERR_CERT_COMMON_NAME_INVALID', 'ssl_invalid_hostname', 'tls_handshake'],
  ['ERR_CERT_DATE_INVALID', 'ssl_invalid_certificate', 'tls_handshake'],
  ['ERR_SSL_PROTOCOL_ERROR', 'ssl_failed_handshake', 'tls_handshake'],
  ['ERR_HTTP2_PROTOCOL_ERROR', 'http_request_failed', 'read'],
  ['ERR_BLOCKED_BY_CLIENT', 'unknown_failure: ERR_BLOCKED_BY_CLIENT', 'read'],
];

const CURL: readonly (readonly [number, string, string, string])[] = [
  [6, 'Could not resolve host: nobody.example', 'dns_nxdomain_error', 'resolve'],
  [7, "Couldn't connect to server: Connection refused", 'connection_refused', 'connect'],
  [7, "Couldn't connect to server: No route to host", 'host_unreachable', 'connect'],
  [28, 'Operation timed out', 'generic_timeout_error', 'read'],
  [35, 'OpenSSL SSL_connect: Connection reset by peer', 'connection_reset', 'tls_handshake'],
  [35, 'OpenSSL SSL_connect: SSL_ERROR_SYSCALL', 'eof_error', 'tls_handshake'],
  [35, 'wrong version number', 'ssl_failed_handshake', 'tls_handshake'],
  [52, 'Empty reply from server', 'eof_error', 'read'],
  [56, 'Recv failure: Connection reset by peer', 'connection_reset', 'read'],
  [
    60,
    'SSL: no alternative certificate subject name matches target host name',
    'ssl_invalid_hostname',
    'tls_handshake',
  ],
  [60, 'unable to get local issuer certificate', 'ssl_unknown_authority', 'tls_handshake'],
  [60, 'certificate has expired', 'ssl_invalid_certificate', 'tls_handshake'],
  [3, '', 'unknown_failure: curl exit code 3', 'read'],
];

describe('traffic/visit-failure', () => {
  for (const [name, failure, operation] of BROWSER)
    it(`browserFailure() of ${name} is ${failure}`, () => {
      expect(browserFailure(`page.goto: net::${name} at https://a.example/`)).to.deep.equal({
        failure,
        operation,
      });
    });

  it('browserFailure() tells what it does not know', () => {
    const { failure } = browserFailure('page.goto: Page crashed');
    expect(failure).to.equal('unknown_failure: page.goto: Page crashed');
  });

  for (const [code, message, failure, operation] of CURL)
    it(`curlFailure() of ${code} "${message.slice(0, 30)}" is ${failure}`, () => {
      expect(curlFailure(code, message)).to.deep.equal({ failure, operation });
    });
});
