import { expect } from 'chai';
import {
  deviationOf,
  largestOf,
  meanOf,
  quantilesOf,
  smallestOf,
  wilsonInterval,
} from '../../../../src/analysis/traces/check/statistics.ts';

describe('analysis/traces/check/statistics', () => {
  it('knows the values that NumPy gives', () => {
    const values = [4, 1, 10, 3];
    expect(meanOf(values)).to.equal(4.5);
    expect(deviationOf(values)).to.be.closeTo(3.3541, 1e-4);
    expect(quantilesOf(values, [0, 0.25, 0.5, 0.75, 1])).to.deep.equal([1, 2.5, 3.5, 5.5, 10]);
    expect([smallestOf(values), largestOf(values)]).to.deep.equal([1, 10]);
    expect([smallestOf([5]), largestOf([-5])]).to.deep.equal([5, -5]);
  });

  it('is 0 of nothing', () => {
    expect([meanOf([]), deviationOf([]), largestOf([]), smallestOf([])]).to.deep.equal([
      0, 0, 0, 0,
    ]);
    expect(quantilesOf([], [0.5])).to.deep.equal([0]);
  });

  it("wilsonInterval() is Wilson's", () => {
    for (const [right, all, low, high] of [
      [5, 10, 0.2366, 0.7634],
      [0, 10, 0, 0.2775],
      [10, 10, 0.7225, 1],
      [0, 0, 0, 1],
    ] as const) {
      const interval = wilsonInterval(right, all);
      expect(interval.low).to.be.closeTo(low, 1e-4);
      expect(interval.high).to.be.closeTo(high, 1e-4);
    }
  });
});
