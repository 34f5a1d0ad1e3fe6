import { expect } from 'chai';
import fc from 'fast-check';
import { seededRandom } from '../../../../src/base/random.ts';
import { distinctBelow, randomBelow } from '../../../../src/wire/protocol/edit/random-number.ts';

describe('randomBelow()', () => {
  it('stays below, whatever the width', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 64n }), fc.nat(), (below, seed) => {
        const number = randomBelow(seededRandom(seed), below);
        expect(number >= 0n && number < below).to.equal(true);
      }),
    );
  });

  it('reaches the upper half of wide numbers', () => {
    const random = seededRandom(1);
    const upper = Array.from({ length: 100 }, () => randomBelow(random, 2n ** 64n) >> 63n);
    expect(upper.filter((bit) => bit === 1n).length).to.be.within(30, 70);
  });
});

describe('distinctBelow()', () => {
  it('draws different numbers, as many as there are at most', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), fc.nat(), (below, count, seed) => {
        const drawn = distinctBelow(seededRandom(seed), below, count);
        expect(drawn.size).to.equal(Math.min(below, count));
        for (const number of drawn) expect(number).to.be.within(0, below - 1);
      }),
    );
  });
});
