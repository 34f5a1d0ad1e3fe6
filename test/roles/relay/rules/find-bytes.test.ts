import { expect } from 'chai';
import { hasBytes } from '../../../../src/roles/relay/rules/find-bytes.ts';

describe('roles/relay/rules/find-bytes', () => {
  for (const [bytes, sought, expected] of [
    [[1, 2, 3], [2, 3], true],
    [[1, 2, 3], [1], true],
    [[1, 1, 2], [1, 2], true],
    [[1, 2, 3], [3, 4], false],
    [[1, 2, 3], [2, 1], false],
    [[], [1], false],
    [[1], [], true],
  ] as const)
    it(`hasBytes() of ${JSON.stringify(sought)} in ${JSON.stringify(bytes)}: ${expected}`, () => {
      expect(hasBytes(Uint8Array.from(bytes), Uint8Array.from(sought))).to.equal(expected);
    });
});
