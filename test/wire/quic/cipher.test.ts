import { expect } from 'chai';
import { encryptBlock, openSealed } from '../../../src/wire/quic/cipher.ts';
import { hex, toHex } from './initials.ts';

describe('wire/quic/cipher', () => {
  it('encryptBlock() gives the vector of FIPS 197 appendix C.1', () => {
    const block = encryptBlock(
      hex('000102030405060708090a0b0c0d0e0f'),
      hex('00112233445566778899aabbccddeeff'),
    );
    expect(toHex(block)).to.equal('69c4e0d86a7b0430d8cdb78070b4c55a');
  });

  // Test case 2 of the GCM specification (McGrew and Viega, appendix B).
  const SEALED = hex('0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf');
  const open = (sealed: Uint8Array, associated = new Uint8Array(0)): Uint8Array | null =>
    openSealed(new Uint8Array(16), new Uint8Array(12), associated, sealed);

  it('openSealed() opens what authenticates', () => {
    expect(toHex(open(SEALED) ?? hex('ff'))).to.equal('00'.repeat(16));
  });

  it('openSealed() refuses what does not', () => {
    for (let at = 0; at < SEALED.length; at += 1)
      expect(open(SEALED.map((byte, index) => (index === at ? byte ^ 1 : byte)))).to.equal(null);
    expect(open(SEALED, Uint8Array.of(0))).to.equal(null);
    expect(open(SEALED.subarray(0, 15))).to.equal(null);
    expect(open(new Uint8Array(0))).to.equal(null);
  });
});
