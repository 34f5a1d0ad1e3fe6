import { expect } from 'chai';
import { LogHistogram } from '../../src/base/log-histogram.ts';

describe('base/log-histogram', () => {
  it('quantile() is right to a twelfth, from hundredths to millions', () => {
    for (const value of [0.02, 1, 3.3, 250, 2e6]) {
      const histogram = new LogHistogram();
      histogram.add(value, 1);
      expect(histogram.quantile(0.5) / value).to.be.within(1, 1.1);
    }
  });

  it('quantile() weighs values by how often they came; of none it is 0', () => {
    const histogram = new LogHistogram();
    expect(histogram.quantile(0.99)).to.equal(0);
    histogram.add(1, 98);
    histogram.add(1000, 2);
    expect(histogram.quantile(0.5)).to.be.below(2);
    expect(histogram.quantile(0.99)).to.be.above(999);
  });

  it('buckets() has the values by their order of magnitude, and none that is empty', () => {
    const histogram = new LogHistogram();
    histogram.add(10, 3);
    histogram.add(1000, 2);
    const buckets = histogram.buckets();
    expect(buckets.map(({ count }) => count)).to.deep.equal([3, 2]);
    expect(buckets.map(({ below }) => below)).to.deep.equal([2 ** 3.375, 2 ** 10]);
    expect(histogram.total).to.equal(5);
  });
});
