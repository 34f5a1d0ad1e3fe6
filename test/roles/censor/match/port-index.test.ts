import { expect } from 'chai';
import fc from 'fast-check';
import { PortIndex } from '../../../../src/roles/censor/match/port-index.ts';

describe('roles/censor/match/port-index', () => {
  it('find() agrees with comparing every range', () => {
    const port = fc.constantFrom(0, 1, 2, 80, 81, 443, 65_534, 65_535);
    const range = fc.record({ low: port, high: port, id: fc.nat(5) });
    fc.assert(
      fc.property(fc.array(range), port, (ranges, subject) => {
        const wish = ranges.flatMap(({ low, high, id }) =>
          subject >= low && subject <= high ? [id] : [],
        );
        expect(new Set(new PortIndex(ranges).find(subject))).to.deep.equal(new Set(wish));
      }),
    );
  });

  it('find() takes open ends', () => {
    const index = new PortIndex([{ low: -Infinity, high: Infinity, id: 7 }]);
    expect(index.find(0)).to.deep.equal([7]);
    expect(index.find(65_535)).to.deep.equal([7]);
  });
});
