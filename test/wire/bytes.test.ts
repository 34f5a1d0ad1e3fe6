import { expect } from 'chai';
import fc from 'fast-check';
import {
  concatBytes,
  fromLatin1,
  latin1,
  readI32,
  readU16,
  readU24,
  readU32,
  readU8,
  writeU16,
  writeU32,
} from '../../src/wire/bytes.ts';

const BYTES = Uint8Array.of(0xff, 0xfe, 0xfd, 0xfc);

describe('wire/bytes', () => {
  it('read…() are big-endian', () => {
    expect(readU8(BYTES, 1)).to.equal(0xfe);
    expect(readU16(BYTES, 1)).to.equal(0xfefd);
    expect(readU24(BYTES, 1)).to.equal(0xfefdfc);
    expect(readU32(BYTES, 0)).to.equal(0xfffefdfc);
    expect(readI32(BYTES, 0)).to.equal(0xfffefdfc - 2 ** 32);
  });

  it('read…() give zero bytes past the end', () => {
    expect(readU32(BYTES, 3)).to.equal(0xfc000000);
    expect(readU8(BYTES, 9)).to.equal(0);
  });

  it('readU16() and readU32() read what was written', () => {
    fc.assert(
      fc.property(fc.nat(0xffff), fc.nat(0xffffffff), (short, long) => {
        const memory = new Uint8Array(8);
        writeU16(memory, 1, short);
        writeU32(memory, 3, long);
        expect([readU16(memory, 1), readU32(memory, 3)]).to.deep.equal([short, long]);
      }),
    );
  });

  it('latin1() and fromLatin1() lose nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        expect(fromLatin1(latin1(bytes, 0, bytes.length))).to.deep.equal(bytes);
      }),
    );
  });

  it('concatBytes() joins in order', () => {
    expect(concatBytes(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3))).to.deep.equal(
      Uint8Array.of(1, 2, 3),
    );
  });
});
