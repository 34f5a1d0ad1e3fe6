import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';

/** OONI's failure strings (ooni/spec data-formats/df-007-errors.md) and those of programs. */
const FAILURES = [
  ...[
    'address_family_not_supported',
    'address_in_use',
    'address_not_available',
    'already_connected',
  ],
  ...['bad_address', 'bad_file_descriptor', 'connection_aborted', 'connection_already_in_progress'],
  ...['connection_refused', 'connection_reset', 'destination_address_required', 'host_unreachable'],
  ...['interrupted', 'invalid_argument', 'message_size', 'network_down', 'network_reset'],
  ...[
    'network_unreachable',
    'no_buffer_space',
    'no_protocol_option',
    'not_a_socket',
    'not_connected',
  ],
  ...['operation_would_block', 'permission_denied', 'protocol_not_supported', 'timed_out'],
  ...[
    'wrong_protocol_type',
    'dns_nxdomain_error',
    'dns_temporary_failure',
    'dns_server_misbehaving',
  ],
  ...[
    'dns_refused_error',
    'dns_server_failure',
    'dns_servfail_error',
    'dns_non_recoverable_failure',
  ],
  ...['dns_no_answer', 'dns_reply_with_wrong_query_id', 'dns_bogon_error', 'eof_error'],
  ...[
    'generic_timeout_error',
    'quic_incompatible_version',
    'ssl_failed_handshake',
    'ssl_invalid_hostname',
  ],
  ...['ssl_unknown_authority', 'ssl_invalid_certificate', 'http_request_failed'],
  ...['http_unexpected_status_code', 'http_unexpected_redirect_url', 'json_parse_error'],
];

/** Other failures begin like this, followed by what the system said. */
const OTHER = 'unknown_failure';

/** A failure that nothing reports is most likely a slip: a warning, since a probe may know more than this list. */
export function checkFailure(
  context: Context,
  failure: string | null | undefined,
  path: Path,
): void {
  if (failure === undefined || failure === null) return;
  if (FAILURES.includes(failure) || failure.startsWith(OTHER)) return;
  context.report('S113', path, `"${failure}" is no OONI failure string that runner knows`, {
    severity: 'warning',
    help: near(failure) ?? context.suggest(failure, FAILURES),
  });
}

/** Words that people use for them. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/time/, 'generic_timeout_error'],
  [/reset|rst/, 'connection_reset'],
  [/refus/, 'connection_refused'],
  [/eof|closed/, 'eof_error'],
  [/nxdomain/, 'dns_nxdomain_error'],
  [/cert/, 'ssl_invalid_certificate'],
];

function near(failure: string): string | undefined {
  const word = WORDS.find(([pattern]) => pattern.test(failure.toLowerCase()))?.[1];
  return word === undefined ? undefined : `Did you mean "${word}"?`;
}
