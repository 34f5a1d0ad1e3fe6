import { expect } from 'chai';
import { createCensor } from '../../src/roles/censor/create-censor.ts';
import { DEFAULT_CENSOR } from '../../src/model/censor-defaults.ts';
import { describeStatistics } from '../../src/model/describe-statistics.ts';

const PATH = {
  ...{ queue: 0, deepestQueue: 3, waiting: 0, p50: 2, p99: 5.25 },
  ...{ carriedFlows: 0, carriedPackets: 0 },
};

describe('describeStatistics()', () => {
  const { statistics } = createCensor('censor', { ...DEFAULT_CENSOR, rules: [] }, 1);

  it('leaves out what is nought', () => {
    expect(describeStatistics({ statistics, path: PATH })).to.equal(
      '0 packets, 0 flows; 2.0 µs a packet, p99 5.3; at most 3 queued',
    );
  });

  it('counts what the kernel carried among the packets, and names hits and actions', () => {
    const rules = [{ name: 'sni', hits: 2 }];
    const more = { ...statistics, packets: 10, flows: 1, rules, actions: { reset: 2 } };
    const line = describeStatistics({ statistics: more, path: { ...PATH, carriedPackets: 90 } });
    expect(line).to.match(
      /^100 packets, 1 flow, 2 hits of sni, 2 reset, 90 carried by the kernel;/,
    );
  });
});
