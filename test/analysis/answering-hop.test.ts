import { expect } from 'chai';
import { answeringHop } from '../../src/analysis/answering-hop.ts';
import type { HopAnswer, Observation } from '../../src/model/observation.ts';

const answer = (kind: HopAnswer['kind'], address: string): HopAnswer => ({ kind, address, rtt: 1 });

describe('analysis/answering-hop', () => {
  const observation: Observation = {
    ...{ flow: 'way', attempt: 1, node: 'client', probe: 'traceroute', failure: null },
    ...{ operation: null, start: 0, end: 1, timings: {}, received: 0 },
    hops: [
      { ttl: 1, answers: [answer('time-exceeded', '10.0.0.1')] },
      { ttl: 2, answers: [] },
      { ttl: 3, answers: [answer('time-exceeded', '10.0.1.1'), answer('rst', '10.0.2.1')] },
    ],
  };

  it('answeringHop() is where something else than a router answered', () => {
    expect(answeringHop(observation)).to.deep.equal({ ttl: 3, ...answer('rst', '10.0.2.1') });
  });

  it('answeringHop() is undefined where only routers did', () => {
    expect(answeringHop({ ...observation, hops: observation.hops?.slice(0, 2) ?? [] })).to.equal(
      undefined,
    );
    expect(answeringHop(undefined)).to.equal(undefined);
  });
});
