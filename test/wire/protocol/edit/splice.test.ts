import { expect } from 'chai';
import fc from 'fast-check';
import { difference, spliced } from '../../../../src/wire/protocol/edit/splice.ts';

describe('spliced()', () => {
  it('puts splices in by place, and those of one place in their order', () => {
    const bytes = Uint8Array.of(0, 1, 2, 3, 4);
    const put = (at: number, remove: number, ...added: number[]) => ({
      at,
      remove,
      bytes: Uint8Array.from(added),
    });
    const splices = [put(3, 1, 8), put(5, 0, 9), put(1, 0, 6), put(1, 1, 7)];
    expect([...spliced(bytes, splices)]).to.deep.equal([0, 6, 7, 2, 8, 4, 9]);
    expect(spliced(bytes, [])).to.deep.equal(bytes);
  });
});

describe('difference()', () => {
  it('turns one into the other, and has no byte that both begin or end with', () => {
    const bytes = fc.uint8Array({ maxLength: 12, max: 2 });
    fc.assert(
      fc.property(bytes, bytes, (before, after) => {
        const splice = difference(before, after);
        expect(spliced(before, [splice])).to.deep.equal(after);
        const { at, remove } = splice;
        if (remove > 0 && splice.bytes.length > 0) {
          expect(splice.bytes[0]).not.to.equal(before[at]);
          expect(splice.bytes.at(-1)).not.to.equal(before[at + remove - 1]);
        }
      }),
    );
  });
});
