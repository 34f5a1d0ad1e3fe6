import { expect } from 'chai';
import type { HopAnswer } from '../../src/model/observation.ts';
import type { TracePayload } from '../../src/model/probe.ts';
import { traceFailure } from '../../src/traffic/trace-failure.ts';

const CASES: readonly (readonly [TracePayload['kind'], Partial<HopAnswer>, string | null])[] = [
  ['icmp', { kind: 'echo-reply' }, null],
  ['tcp', { kind: 'syn-ack' }, null],
  ['tls', { kind: 'data' }, null],
  ['tcp', { kind: 'rst' }, 'connection_refused'],
  ['tls', { kind: 'rst' }, 'connection_reset'],
  ['dns-tcp', { kind: 'fin' }, 'eof_error'],
  ['udp', { kind: 'unreachable', detail: 'port unreachable' }, null],
  ['dns', { kind: 'unreachable', detail: 'port unreachable' }, 'connection_refused'],
  [
    'udp',
    { kind: 'unreachable', detail: 'port unreachable', address: '10.0.0.9' },
    'connection_refused',
  ],
  ['icmp', { kind: 'unreachable', detail: 'host prohibited' }, 'host_unreachable'],
];

describe('traffic/trace-failure', () => {
  for (const [payload, answer, failure] of CASES)
    it(`traceFailure() takes ${answer.kind ?? ''} to ${payload} for ${failure ?? 'success'}`, () => {
      const full: HopAnswer = { kind: 'data', address: '10.0.0.2', rtt: 1, ...answer };
      expect(traceFailure(payload, full, '10.0.0.2')).to.equal(failure);
    });
});
