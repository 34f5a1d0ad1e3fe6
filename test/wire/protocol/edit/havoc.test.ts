import { expect } from 'chai';
import fc from 'fast-check';
import { seededRandom } from '../../../../src/base/random.ts';
import { havoc } from '../../../../src/wire/protocol/edit/havoc.ts';

describe('havoc()', () => {
  it('is the same for the same seed, and leaves what it is given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(20), fc.nat(), (bytes, edits, seed) => {
        const before = bytes.slice();
        const first = havoc(bytes, edits, seededRandom(seed));
        expect(bytes).to.deep.equal(before);
        expect(havoc(bytes, edits, seededRandom(seed))).to.deep.equal(first);
        expect(Math.abs(first.length - bytes.length)).to.be.at.most(edits * 8);
        if (edits === 0) expect(first).to.deep.equal(bytes);
      }),
    );
  });

  it('lengthens, shortens and overwrites', () => {
    const bytes = new Uint8Array(20).fill(0x55);
    const lengths = new Set(
      Array.from({ length: 60 }, (_, seed) =>
        Math.sign(havoc(bytes, 1, seededRandom(seed)).length - 20),
      ),
    );
    expect(lengths).to.have.all.members([-1, 0, 1]);
  });

  it('makes something of nothing', () => {
    expect(havoc(new Uint8Array(0), 1, seededRandom(1)).length).to.be.within(1, 8);
  });
});
