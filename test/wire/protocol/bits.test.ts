import { expect } from 'chai';
import fc from 'fast-check';
import { bytesOf, readBits, readNumber, writeBits } from '../../../src/wire/protocol/bits.ts';

describe('wire/protocol/bits', () => {
  it('readBits() reads the bits that are meant', () => {
    const memory = Uint8Array.of(0b1010_0110, 0b1100_0001, 0xff, 0x01, 2, 3, 4, 5, 6);
    const read = (at: number, bit: number, bits: number, little = false): number | bigint =>
      readBits(memory, at, { bit, bits, little });
    expect(read(0, 0, 1)).to.equal(1);
    expect(read(0, 1, 3)).to.equal(0b010);
    expect(read(0, 4, 8)).to.equal(0b0110_1100);
    expect(read(0, 0, 23)).to.equal(0xa6c1ff >> 1);
    expect(read(2, 0, 16, true)).to.equal(0x01ff);
    expect(read(2, 0, 48)).to.equal(0xff0102030405);
    expect(read(1, 0, 64)).to.equal(0xc1ff010203040506n);
    expect(readNumber(memory, 1, { bit: 0, bits: 64, little: false })).to.equal(
      Number(0xc1ff010203040506n),
    );
  });

  it('readBits() reads what writeBits() wrote, and nothing around it changes', () => {
    const places = fc.record({
      bit: fc.nat(7),
      bits: fc.integer({ min: 1, max: 64 }),
      little: fc.boolean(),
    });
    fc.assert(
      fc.property(
        places,
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        fc.nat(255),
        (place, value, fill) => {
          const at = 2;
          // Little-endian numbers are whole bytes.
          const bit = place.little ? 0 : place.bit;
          const bits = place.little ? Math.ceil(place.bits / 8) * 8 : place.bits;
          const memory = new Uint8Array(16).fill(fill);
          const cut = BigInt.asUintN(bits, value);
          writeBits(memory, at, { bit, bits, little: place.little }, cut);
          expect(BigInt(readBits(memory, at, { bit, bits, little: place.little }))).to.equal(cut);
          const old = BigInt.asUintN(
            bits,
            BigInt(`0x${fill.toString(16).padStart(2, '0').repeat(9)}`) >>
              BigInt(bytesOf(bit, bits) * 8 - bit - bits),
          );
          writeBits(memory, at, { bit, bits, little: place.little }, old);
          if (!place.little) expect([...memory]).to.deep.equal(Array<number>(16).fill(fill));
        },
      ),
    );
  });
});
