import { expect } from 'chai';
import { describeChange } from '../../src/analysis/control.ts';
import type { FlowMetrics, Verdict } from '../../src/model/verdict.ts';

const verdict = (failure: string | null, metrics: Partial<FlowMetrics> = {}): Verdict => ({
  flow: 'flow',
  failure,
  cause: null,
  by: null,
  summary: '',
  proof: [],
  stage: 'tls',
  outcome: 'match',
  signature: null,
  signals: [],
  attempts: 1,
  failedAttempts: 0,
  fiveTuple: null,
  metrics: { duration: 1, rtt: 50, goodput: 1e7, received: 20_000, retransmissions: 0, ...metrics },
});

describe('describeChange()', () => {
  for (const [found, control, sentence] of [
    [verdict('connection_reset'), verdict(null), 'connection_reset instead of ok'],
    [verdict(null), verdict('eof_error'), 'ok instead of eof_error'],
    [verdict(null), verdict(null, { rtt: 60 }), 'nothing changed'],
    [verdict('eof_error'), verdict('eof_error'), 'eof_error without censors as well'],
    [verdict(null, { goodput: 128e3 }), verdict(null), 'goodput 128 kbit/s instead of 10.0 Mbit/s'],
    [verdict(null, { goodput: 128e3, received: 200 }), verdict(null), 'nothing changed'],
    [verdict(null, { rtt: 200 }), verdict(null), 'round trip 200 ms instead of 50.0 ms'],
    [verdict(null, { rtt: 1.9 }), verdict(null, { rtt: 0.2 }), 'nothing changed'],
    [
      verdict(null, { rtt: 2.3 }),
      verdict(null, { rtt: 0.2 }),
      'round trip 2.30 ms instead of 0.20 ms',
    ],
    [verdict(null, { goodput: 1e8 }), verdict(null, { goodput: 9e8 }), 'nothing changed'],
    [verdict(null, { goodput: null }), verdict(null), 'nothing changed'],
  ] as const)
    it(`says "${sentence}"`, () => {
      expect(describeChange(found, control)).to.equal(sentence);
    });
});
