// How far a flow got and how that stage ended, in the words of Censored Planet (censoredplanet-analysis, docs/outcome.md).

/** In the order in which a measurement passes them; `unknown` where only a program knows. */
export const STAGES = [
  'setup',
  'dial',
  'tls',
  'write',
  'read',
  'http',
  'content',
  'unknown',
] as const;
export type Stage = (typeof STAGES)[number];

/** The words that stand alone. */
export const OUTCOMES: readonly string[] = [
  ...['match', 'system_failure', 'unknown', 'timeout', 'tcp.refused', 'tcp.reset', 'tls.failed'],
  ...['ip.network_unreachable', 'ip.host_no_route', 'ip.empty'],
  ...['http.invalid', 'http.empty', 'http.truncated_response'],
  ...['mismatch', 'body_mismatch', 'tls_mismatch'],
  ...['dns.timedout', 'dns.connrefused', 'dns.hostunreach', 'dns.protocol_error'],
];

/** Those that carry something after a colon: `status_mismatch:403`, `blockpage:injected`, `dns.error:NXDOMAIN`. */
export const OUTCOMES_WITH_MORE: readonly string[] = ['status_mismatch', 'blockpage', 'dns.error'];
