import { expect } from 'chai';
import { endingOf } from '../../src/analysis/stage.ts';
import type { Observation } from '../../src/model/observation.ts';
import { OUTCOMES, OUTCOMES_WITH_MORE, STAGES } from '../../src/model/outcome.ts';
import type { Cause } from '../../src/model/verdict.ts';

const seen = (changes: Partial<Observation>): Observation => ({
  flow: 'flow',
  attempt: 1,
  node: 'client',
  probe: 'tls',
  failure: null,
  operation: null,
  start: 0,
  end: 1,
  timings: {},
  received: 0,
  ...changes,
});

const failed = (
  failure: string,
  operation: string,
  changes: Partial<Observation> = {},
): Observation => seen({ failure, operation, ...changes });

const CASES: readonly (readonly [Observation, string, Cause?])[] = [
  [seen({ timings: { connect: 1 } }), 'dial/match'],
  [seen({ timings: { connect: 1, tls_handshake: 2 } }), 'tls/match'],
  [seen({ timings: { connect: 1, done: 2 } }), 'content/match'],
  [seen({ timings: { response: 2 } }), 'content/match'],
  [seen({ probe: 'run', timings: { done: 2 } }), 'unknown/match'],
  [seen({ status: 200, timings: { done: 2 } }), 'content/blockpage:injected', 'injected-page'],
  [failed('generic_timeout_error', 'connect'), 'dial/timeout'],
  [failed('connection_refused', 'connect'), 'dial/tcp.refused'],
  [failed('host_unreachable', 'connect'), 'dial/ip.host_no_route'],
  [failed('network_unreachable', 'connect'), 'dial/ip.network_unreachable'],
  [failed('connection_reset', 'tls_handshake'), 'tls/tcp.reset'],
  [failed('eof_error', 'tls_handshake'), 'tls/tls.failed'],
  [failed('ssl_failed_handshake', 'tls_handshake'), 'tls/tls.failed'],
  [failed('ssl_unknown_authority', 'tls_handshake'), 'tls/tls_mismatch'],
  [failed('connection_reset', 'write'), 'write/tcp.reset'],
  [failed('generic_timeout_error', 'read'), 'read/timeout'],
  [failed('eof_error', 'read', { probe: 'http' }), 'read/http.empty'],
  [failed('eof_error', 'read', { probe: 'http', received: 9 }), 'read/http.truncated_response'],
  [failed('eof_error', 'read', { probe: 'tcp' }), 'read/mismatch'],
  [failed('http_request_failed', 'read', { received: 9 }), 'http/http.invalid'],
  [failed('http_unexpected_status_code', 'read', { status: 403 }), 'content/status_mismatch:403'],
  [failed('generic_timeout_error', 'resolve'), 'read/dns.timedout'],
  [failed('dns_nxdomain_error', 'resolve'), 'read/dns.error:NXDOMAIN'],
  [failed('connection_refused', 'resolve'), 'read/dns.connrefused'],
  [failed('dns_bogon_error', 'resolve'), 'content/mismatch'],
  [failed('dns_no_answer', 'resolve'), 'content/ip.empty'],
  [failed('interrupted', 'connect'), 'setup/system_failure'],
  [failed('unknown_failure: exit code 7', 'exit', { probe: 'run' }), 'unknown/unknown'],
  [failed('unknown_failure: odd', 'connect'), 'dial/unknown'],
];

describe('endingOf()', () => {
  for (const [observation, expected, cause] of CASES)
    it(`makes ${expected} of ${observation.failure ?? 'success'} in ${observation.operation ?? 'all'}`, () => {
      const { stage, outcome } = endingOf(observation, cause ?? null);
      expect(`${stage}/${outcome}`).to.equal(expected);
      expect(STAGES).to.include(stage);
      expect([...OUTCOMES, ...OUTCOMES_WITH_MORE]).to.include(outcome.replace(/:.*/, ''));
    });
});
