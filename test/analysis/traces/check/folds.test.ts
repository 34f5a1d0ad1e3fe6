import { expect } from 'chai';
import fc from 'fast-check';
import { dealFolds } from '../../../../src/analysis/traces/check/folds.ts';
import { seededRandom } from '../../../../src/base/random.ts';

describe('analysis/traces/check/folds', () => {
  it('dealFolds() spreads each label, and all of them, evenly', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 100 }),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 0, max: 1e6 }),
        (labels, folds, seed) => {
          const dealt = dealFolds(labels, folds, seededRandom(seed));
          const even = (which: readonly number[]): void => {
            const counts = Array.from(
              { length: folds },
              (_, fold) => which.filter((one) => one === fold).length,
            );
            expect(Math.max(...counts) - Math.min(...counts)).to.be.at.most(1);
          };
          even(dealt);
          for (const label of new Set(labels))
            even(dealt.filter((_, index) => labels[index] === label));
          expect(dealFolds(labels, folds, seededRandom(seed))).to.deep.equal(dealt);
        },
      ),
    );
  });
});
