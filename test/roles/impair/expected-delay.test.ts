import { expect } from 'chai';
import type { Impairment } from '../../../src/model/plan.ts';
import { expectedDelay, normalQuantile } from '../../../src/roles/impair/expected-delay.ts';

const PLAIN: Impairment = {
  delay: 0,
  jitter: 0,
  lossRatio: 0,
  duplicateRatio: 0,
  reorderRatio: 0,
  corruptRatio: 0,
  rate: null,
  queue: 0,
};

describe('roles/impair/expected-delay', () => {
  for (const [what, impairment, median, deviation] of [
    ['a plain delay', { delay: 20 }, 20, 0],
    ['jitter far from zero', { delay: 50, jitter: 5 }, 50, 5],
    // A normal distribution cut off at its own mean: √(1/2 - 1/2π) of its deviation is left.
    ['jitter without delay', { jitter: 10 }, 0, 5.84],
    ['a quarter sent at once', { delay: 10, reorderRatio: 0.25 }, 10, 4.33],
    ['most sent at once', { delay: 10, reorderRatio: 0.9 }, 0, 3],
    ['the rate of a short frame', { delay: 5, rate: 1e6 }, 5.48, 0],
  ] as const)
    it(`expectedDelay() knows ${what}`, () => {
      const found = expectedDelay({ ...PLAIN, ...impairment }, 60);
      expect(found.median).to.be.closeTo(median, 0.02);
      expect(found.deviation).to.be.closeTo(deviation, 0.05);
    });

  it('normalQuantile() agrees with the tables', () => {
    for (const [share, value] of [
      [0.5, 0],
      [0.8413447, 1],
      [0.9772499, 2],
      [0.0013499, -3],
    ] as const)
      expect(normalQuantile(share)).to.be.closeTo(value, 1e-5);
  });
});
