import { expect } from 'chai';
import { ringShape } from '../../../src/agent/capture/ring.ts';

const MEBIBYTE = 1 << 20;

describe('ringShape()', () => {
  for (const [captures, size] of [
    [0, 32],
    [1, 32],
    [4, 16],
    [8, 8],
    [256, 1],
    [1000, 1],
  ] as const)
    it(`gives ${captures} captures ${size} MiB each`, () => {
      expect(ringShape(captures).size).to.equal(size * MEBIBYTE);
    });

  it('holds 100 ms of nearly empty blocks at every size', () => {
    for (let captures = 1; captures < 2000; captures += 1) {
      const { size, blockTimeout } = ringShape(captures);
      expect(size % (256 * 1024)).to.equal(0);
      expect((size / (256 * 1024)) * blockTimeout).to.be.at.least(100);
    }
  });
});
