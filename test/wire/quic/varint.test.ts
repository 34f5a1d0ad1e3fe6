import { expect } from 'chai';
import { readVarint, varintLength } from '../../../src/wire/quic/varint.ts';
import { hex } from './initials.ts';

describe('wire/quic/varint', () => {
  // RFC 9000 appendix A.1.
  const vectors: readonly (readonly [string, number])[] = [
    ['c2197c5eff14e88c', 0x0219_7c5e * 2 ** 32 + 0xff14_e88c],
    ['9d7f3e7d', 494_878_333],
    ['7bbd', 15_293],
    ['25', 37],
    ['4025', 37],
  ];
  for (const [bytes, value] of vectors)
    it(`readVarint() reads ${bytes}`, () => {
      expect(readVarint(hex(`ff${bytes}`), 1)).to.equal(value);
      expect(varintLength(hex(`ff${bytes}`), 1)).to.equal(bytes.length / 2);
    });
});
