import { expect } from 'chai';
import fc from 'fast-check';
import { seededRandom } from '../../../src/base/random.ts';
import { chooseByWeight, weightsOf } from '../../../src/roles/tunnel/weights.ts';
import { policyOf } from './policies.ts';

describe('roles/tunnel/weights', () => {
  it('weightsOf() knows what each policy goes by', () => {
    const random = seededRandom(1);
    expect(weightsOf(policyOf('uniform'), 4, random)).to.deep.equal([0.25, 0.25, 0.25, 0.25]);
    expect(weightsOf(policyOf('weighted', { weights: [1, 3, 6] }), 3, random)).to.deep.equal([
      0.1, 0.3, 0.6,
    ]);
    for (const name of ['none', 'round-robin', 'trace'] as const)
      expect(weightsOf(policyOf(name), 3, random)).to.equal(null);
  });

  it('weightsOf() draws weights that sum up to 1, whatever the concentration', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 31 }),
        fc.double({ min: 1e-4, max: 1e4, noNaN: true }),
        fc.integer({ min: 1, max: 9 }),
        (seed, alpha, count) => {
          const weights = weightsOf(policyOf('dirichlet', { alpha }), count, seededRandom(seed));
          expect(weights).to.have.lengthOf(count);
          const sum = (weights ?? []).reduce((total, weight) => total + weight, 0);
          expect(sum).to.be.closeTo(1, 1e-9);
          expect(Math.min(...(weights ?? []))).to.be.at.least(0);
        },
      ),
    );
  });

  for (const alpha of [0.3, 1, 5])
    it(`weightsOf() has the mean and variance of a Dirichlet distribution at alpha ${alpha}`, () => {
      const count = 3;
      const draws = Array.from(
        { length: 20_000 },
        (_, seed) => weightsOf(policyOf('dirichlet', { alpha }), count, seededRandom(seed))?.[0],
      ).map((weight) => weight ?? NaN);
      const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
      const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
      expect(mean).to.be.closeTo(1 / count, 0.01);
      // Var = (1/k)(1 - 1/k) / (kα + 1)
      const expected = ((1 / count) * (1 - 1 / count)) / (count * alpha + 1);
      expect(variance / expected).to.be.closeTo(1, 0.05);
    });

  it('chooseByWeight() never chooses what has no weight', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (draw) => {
        expect(chooseByWeight([0, 0.3, 0.7 - 1e-12, 0], draw)).to.be.oneOf([1, 2]);
      }),
    );
    expect(chooseByWeight([0.1, 0.3, 0.6], 0.1)).to.equal(1);
    expect(chooseByWeight([0.1, 0.3, 0.6], 0.0999)).to.equal(0);
  });
});
