import { expect } from 'chai';
import fc from 'fast-check';
import { CryptoStream } from '../../../../src/roles/censor/inspect/crypto-stream.ts';

const WHOLE = Uint8Array.from({ length: 60 }, (_, index) => index);
const piece = fc.tuple(fc.nat(59), fc.nat(20));
const inOrder = (stream: CryptoStream): readonly number[] => Array.from(stream.inOrder);

describe('roles/censor/crypto-stream', () => {
  for (const overlap of ['first', 'last'] as const)
    it(`add() puts frames in order that come in any, the ${overlap} of two counting`, () => {
      fc.assert(
        fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
          const stream = new CryptoStream({ overlap, buffer: 100 });
          const come = new Set<number>();
          for (const [offset, size] of pieces) {
            const data = WHOLE.subarray(offset, offset + size);
            const fresh = Array.from(data).filter((byte) => !come.has(byte));
            expect(stream.add({ offset, data })).to.equal(fresh.length > 0);
            fresh.forEach((byte) => come.add(byte));
          }
          const missing = WHOLE.findIndex((byte) => !come.has(byte));
          const length = missing < 0 ? WHOLE.length : missing;
          expect(inOrder(stream)).to.deep.equal(Array.from(WHOLE.subarray(0, length)));
        }),
      );
    });

  for (const [overlap, wish] of [
    ['first', [4, 1, 1, 4, 4]],
    ['last', [4, 4, 4, 4, 4]],
  ] as const)
    it(`add() keeps the ${overlap} of two copies`, () => {
      const stream = new CryptoStream({ overlap, buffer: 100 });
      stream.add({ offset: 1, data: Uint8Array.of(1, 1) });
      stream.add({ offset: 0, data: Uint8Array.of(4, 4, 4, 4, 4) });
      expect(inOrder(stream)).to.deep.equal(wish);
    });

  it('add() takes nothing beyond its limits', () => {
    const stream = new CryptoStream({ overlap: 'first', buffer: 10 });
    expect(stream.add({ offset: 5, data: new Uint8Array(6) })).to.equal(false);
    expect(stream.add({ offset: 2 ** 61, data: new Uint8Array(1) })).to.equal(false);
    expect(stream.add({ offset: 0, data: new Uint8Array(10) })).to.equal(true);
    const pieces = new CryptoStream({ overlap: 'first', buffer: 65_536 });
    const taken = Array.from({ length: 300 }, (_, index) =>
      pieces.add({ offset: 2 * index + 1, data: Uint8Array.of(1) }),
    );
    expect(taken.filter(Boolean)).to.have.length(256);
  });
});
