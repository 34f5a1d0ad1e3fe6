import { expect } from 'chai';
import { checkClosedWorld } from '../../../../src/analysis/traces/check/closed-world.ts';
import { type Random, seededRandom } from '../../../../src/base/random.ts';
import type { Trace } from '../../../../src/model/trace.ts';
import { traceOf } from '../made-traces.ts';

/** Pages of some size each, with noise, or all of the same size. */
function visits(sites: number, count: number, isTold: boolean): Trace[] {
  const random = seededRandom(7);
  return Array.from({ length: sites * count }, (_, index) => {
    const site = index % sites;
    return traceOf(page(isTold ? 10 + site * 15 : 30, random), {
      site: `site${site}`,
      visit: Math.floor(index / sites) + 1,
      step: 900 + random.below(200),
    });
  });
}

const page = (packets: number, random: Random): number[] => [
  ...[60, -60, 40, 300 + random.below(9)],
  ...Array.from({ length: packets + random.below(5) }, (_, at) =>
    at % 4 === 3 ? 40 : -1400 - random.below(100),
  ),
];

describe('analysis/traces/check/closed-world', function () {
  this.timeout(60_000);

  it('checkClosedWorld() tells pages of different sizes apart', () => {
    const { checks, notes } = checkClosedWorld(visits(4, 10, true), 1);
    expect(notes).to.deep.equal([]);
    expect(checks).to.have.lengthOf(1);
    expect(checks[0]).to.deep.include({
      ...{ path: 'client.wg0', sites: 4, traces: 40, folds: 10, chance: 0.25, notes: [] },
    });
    for (const accuracy of [checks[0]?.cumul, checks[0]?.kfp]) {
      expect(accuracy?.share).to.be.above(0.9);
      expect(accuracy?.low).to.be.above(0.75);
    }
  });

  it('checkClosedWorld() finds no more than chance where there is nothing to tell', () => {
    const { checks } = checkClosedWorld(visits(4, 15, false), 1);
    for (const accuracy of [checks[0]?.cumul, checks[0]?.kfp]) {
      expect(accuracy?.share).to.be.below(0.45);
      expect(accuracy?.low).to.be.below(0.25 + 0.05);
    }
  });

  it('checkClosedWorld() says the same of the same seed, and judges each path by itself', () => {
    const traces = visits(3, 6, true);
    const both = [...traces, ...traces.map((trace) => ({ ...trace, path: 'client.wg1' }))];
    const first = checkClosedWorld(both, 3);
    expect(first.checks.map(({ path }) => path)).to.deep.equal(['client.wg0', 'client.wg1']);
    expect(checkClosedWorld(both, 3)).to.deep.equal(first);
    expect(checkClosedWorld(traces, 3).checks).to.deep.equal(first.checks.slice(0, 1));
  });

  it('checkClosedWorld() leaves out failed visits and sites with one, and says so', () => {
    const traces = visits(3, 4, true);
    const { checks } = checkClosedWorld(
      [
        ...traces,
        { ...traceOf([1]), site: 'once' },
        { ...traceOf([1]), site: 'site0', failure: 'connection_reset' },
      ],
      1,
    );
    expect(checks[0]).to.deep.include({ sites: 3, traces: 12 });
    expect(checks[0]?.notes).to.deep.equal([
      'client.wg0: 1 failed visit left out of the check',
      'client.wg0: 1 site with one visit left out of the check',
    ]);
    expect(checkClosedWorld(visits(1, 9, true), 1)).to.deep.equal({
      checks: [],
      notes: [
        'client.wg0: not checked: expected 2 sites with 2 successful visits each, found 1 of 1',
      ],
    });
  });
});
