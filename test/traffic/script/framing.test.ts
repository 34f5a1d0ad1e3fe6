import { expect } from 'chai';
import { framingOf } from '../../../src/traffic/script/framing.ts';

describe('framingOf()', () => {
  for (const [framing, length, sizes] of [
    ['stream', 10, 'stream'],
    [3, 10, [4, 3, 3]],
    [3, 2, [1, 1]],
    [[], 10, [10]],
    [[10], 10, [10]],
    [[4, 6], 10, [4, 6]],
    [[4, 1], 10, [4, 6]],
    [[4, 9, 9], 10, [4, 6]],
    [[4], 0, []],
  ] as const)
    it(`cuts ${length} bytes by ${JSON.stringify(framing)}`, () => {
      expect(framingOf(framing, length)).to.deep.equal(sizes);
    });
});
