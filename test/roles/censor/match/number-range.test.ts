import { expect } from 'chai';
import fc from 'fast-check';
import { compileRanges, formatRanges } from '../../../../src/roles/censor/match/number-range.ts';

describe('roles/censor/match/number-range', () => {
  it('compileRanges() agrees with comparing every range', () => {
    const end = fc.option(fc.constantFrom(-Infinity, 0, 1, 2.5, 3, 9, Infinity));
    const value = fc.constantFrom(-1, 0, 0.5, 1, 2, 2.5, 3, 4, 9, 10, NaN);
    fc.assert(
      fc.property(fc.array(fc.tuple(end, end)), value, (ranges, subject) => {
        const wish = ranges.some(
          ([low, high]) => subject >= (low ?? -Infinity) && subject <= (high ?? Infinity),
        );
        const ordered = ranges.filter(([low, high]) => (low ?? -Infinity) <= (high ?? Infinity));
        expect(compileRanges(ordered)(subject)).to.equal(wish);
      }),
    );
  });

  it('formatRanges() leaves open ends out', () => {
    expect(
      formatRanges([
        [80, 80],
        [1000, null],
        [-Infinity, 5],
      ]),
    ).to.equal('80|1000-|-5');
  });
});
