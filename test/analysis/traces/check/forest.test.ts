import { expect } from 'chai';
import fc from 'fast-check';
import { growForest } from '../../../../src/analysis/traces/check/forest.ts';
import { seededRandom } from '../../../../src/base/random.ts';

describe('analysis/traces/check/forest', () => {
  it('growForest() puts what has different labels into different leaves', () => {
    const samples = Array.from({ length: 40 }, (_, index) => ({
      features: [index % 7, index < 20 ? index : index + 100, 5],
      label: index < 20 ? 0 : 1,
    }));
    const forest = growForest(samples, { trees: 30, random: seededRandom(1) });
    const shared = (left: readonly number[], right: readonly number[]): number =>
      forest(left).filter((leaf, tree) => leaf === forest(right)[tree]).length;
    expect(shared([3, 5, 5], [3, 12, 5])).to.be.above(shared([3, 5, 5], [3, 115, 5]));
    expect(shared([3, 5, 5], [3, 115, 5])).to.be.below(6);
  });

  it('growForest() grows the same of the same seed, and ends where samples are the same', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            features: fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), {
              minLength: 3,
              maxLength: 3,
            }),
            label: fc.integer({ min: 0, max: 2 }),
          }),
          { minLength: 1, maxLength: 20 },
        ),
        fc.integer({ min: 0, max: 1000 }),
        (samples, seed) => {
          const leaves = (): unknown => {
            const forest = growForest(samples, { trees: 5, random: seededRandom(seed) });
            return samples.map(({ features }) => forest(features));
          };
          expect(leaves()).to.deep.equal(leaves());
        },
      ),
    );
    const same = Array.from({ length: 9 }, (_, label) => ({ features: [1, 1], label }));
    expect(growForest(same, { trees: 2, random: seededRandom(1) })([1, 1])).to.deep.equal([0, 0]);
  });
});
