import { expect } from 'chai';
import { findBytes, holdsAt } from '../../src/wire/find-bytes.ts';

describe('findBytes()', () => {
  for (const [bytes, sought, expected] of [
    [[1, 2, 3], [2, 3], 1],
    [[1, 2, 3], [1], 0],
    [[1, 1, 2], [1, 2], 1],
    [[1, 2, 1, 2], [1, 2], 0],
    [[1, 2, 3], [3, 4], -1],
    [[1, 2, 3], [2, 1], -1],
    [[], [1], -1],
    [[1], [], 0],
  ] as const)
    it(`of ${JSON.stringify(sought)} in ${JSON.stringify(bytes)}: ${expected}`, () => {
      expect(findBytes(Uint8Array.from(bytes), Uint8Array.from(sought), 0, bytes.length)).to.equal(
        expected,
      );
    });

  it('sees what lies between the two places alone', () => {
    const bytes = Uint8Array.of(1, 2, 1, 2, 1, 2);
    expect(findBytes(bytes, Uint8Array.of(1, 2), 1, 6)).to.equal(2);
    expect(findBytes(bytes, Uint8Array.of(1, 2), 1, 3)).to.equal(-1);
    expect(findBytes(bytes, Uint8Array.of(), 3, 6)).to.equal(3);
  });
});

describe('holdsAt()', () => {
  it('compares at one place, which may be the last', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect(holdsAt(bytes, Uint8Array.of(2, 3), 1)).to.equal(true);
    expect(holdsAt(bytes, Uint8Array.of(2, 3), 0)).to.equal(false);
    expect(holdsAt(bytes, Uint8Array.of(3, 4), 2)).to.equal(false);
  });
});
