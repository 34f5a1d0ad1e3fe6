import { expect } from 'chai';
import { describeSuccess } from '../../src/analysis/describe-success.ts';
import type { Observation } from '../../src/model/observation.ts';

const seen = (changes: Partial<Observation>): Observation => ({
  flow: 'flow',
  attempt: 1,
  node: 'client',
  probe: 'tcp',
  failure: null,
  operation: null,
  start: 0,
  end: 90_000,
  timings: {},
  received: 0,
  ...changes,
});

describe('describeSuccess()', () => {
  for (const [observation, words] of [
    [seen({ probe: 'tls', timings: { tls_handshake: 76 } }), 'TLS handshake in 76.0 ms'],
    [seen({ probe: 'http', status: 200, timings: { done: 12 } }), 'HTTP 200 in 12.0 ms'],
    [seen({ probe: 'http' }), 'HTTP response in 90.0 ms'],
    [
      seen({ probe: 'dns', answers: ['10.0.0.1'], timings: { response: 5 } }),
      'DNS answer 10.0.0.1 in 5.00 ms',
    ],
    [seen({ probe: 'dns', answers: [] }), 'DNS answer no records in 90.0 ms'],
    [seen({ timings: { connect: 7 } }), 'TCP connection in 7.00 ms'],
    [seen({ received: 512 }), '512 bytes echoed in 90.0 ms'],
    [seen({ probe: 'udp', received: 9, timings: { response: 3 } }), '9 bytes echoed in 3.00 ms'],
    [
      seen({ probe: 'script', sent: 4100, received: 300, timings: { done: 1200 } }),
      'script played in 1.20 s, 4.10 kB sent, 300 B received',
    ],
    [seen({ probe: 'quic', timings: { quic_handshake: 8 } }), 'QUIC handshake in 8.00 ms'],
    [
      seen({
        ...{ probe: 'quic', status: 200, timings: { done: 900 } },
        paths: { challenged: 5, validated: 1, failed: 0 },
      }),
      'HTTP 200 over QUIC in 900 ms, 5 paths challenged, 1 path validated',
    ],
    [seen({ probe: 'run', exitCode: 0 }), 'exit code 0 after 90.0 ms'],
  ] as const)
    it(`says "${words}"`, () => {
      expect(describeSuccess(observation)).to.equal(words);
    });
});
