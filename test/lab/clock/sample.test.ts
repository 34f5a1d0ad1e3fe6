import { type ClockSample, boundsOf, thinned } from '../../../src/lab/clock/sample.ts';
import { expect } from 'chai';

const sample = (sent: number, told: number, received: number): ClockSample => ({
  sent,
  told,
  received,
});

describe('boundsOf()', () => {
  it('gives what each exchange proves, a microsecond wider for rounding', () => {
    const bounds = boundsOf([sample(1e6, 500, 1_000_100), sample(3e6, 2_000_600, 3_000_080)]);
    expect(bounds).to.deep.equal([
      { elapsed: 0, at: 0, low: 999_499, high: 999_601 },
      { elapsed: 2, at: 2.0001, low: 999_399, high: 999_481 },
    ]);
  });

  it('gives nothing of nothing', () => {
    expect(boundsOf([])).to.deep.equal([]);
  });
});

describe('thinned()', () => {
  it('keeps of each two the one with the shorter round trip', () => {
    const samples = [sample(0, 0, 9), sample(10, 0, 15), sample(20, 0, 22), sample(30, 0, 39)];
    expect(thinned(samples)).to.deep.equal([samples[1], samples[2]]);
    expect(thinned(samples.slice(0, 3))).to.deep.equal([samples[1], samples[2]]);
  });
});
