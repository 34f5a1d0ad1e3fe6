import { expect } from 'chai';
import { joinRuns } from '../../../src/analysis/traces/join-runs.ts';
import { traceOf } from './made-traces.ts';

describe('analysis/traces/join-runs', () => {
  it('joinRuns() counts the visits of each site on from run to run, the same on each path', () => {
    const run = ['client.wg1', 'client.wg2'].flatMap((path) => [
      traceOf([1], { path, site: 'a', visit: 1 }),
      traceOf([1], { path, site: 'a', visit: 2 }),
      traceOf([1], { path, site: 'b', visit: 1 }),
    ]);
    const joined = joinRuns([run, run]);
    const visits = (path: string, site: string): number[] =>
      joined.filter((one) => one.path === path && one.site === site).map(({ visit }) => visit);
    for (const path of ['client.wg1', 'client.wg2']) {
      expect(visits(path, 'a')).to.deep.equal([1, 2, 3, 4]);
      expect(visits(path, 'b')).to.deep.equal([1, 2]);
    }
  });
});
