import { expect } from 'chai';
import fc from 'fast-check';
import {
  chooseChecksum,
  foldChecksum,
  internetChecksum,
  sumWords,
  updateChecksum,
} from '../../src/wire/checksum.ts';

describe('wire/checksum', () => {
  it('internetChecksum() of the example of RFC 1071 section 3', () => {
    const bytes = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
    expect(internetChecksum(bytes, 0, 8)).to.equal(~0xddf2 & 0xffff);
  });

  it('internetChecksum() counts an odd last byte as a high byte', () => {
    expect(internetChecksum(Uint8Array.of(9, 0x12, 9), 1, 2)).to.equal(~0x1200 & 0xffff);
  });

  it('foldChecksum() takes sums beyond 32 bits', () => {
    expect(foldChecksum(0x1_0000_0000)).to.equal(~1 & 0xffff);
  });

  it('internetChecksum() over data with its checksum is zero', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 99 }), (data) => {
        const even = data.length % 2 === 0 ? data : Uint8Array.from([...data, 0]);
        const sum = internetChecksum(even, 0, even.length);
        const whole = Uint8Array.from([...even, sum >> 8, sum & 0xff]);
        expect(internetChecksum(whole, 0, whole.length)).to.equal(0);
      }),
    );
  });

  it('updateChecksum() is the checksum of the changed words', () => {
    const word = fc.integer({ min: 1, max: 0xffff });
    fc.assert(
      fc.property(word, word, word, (kept, before, after) => {
        const words = (a: number, b: number): Uint8Array =>
          Uint8Array.of(a >> 8, a & 0xff, b >> 8, b & 0xff);
        const old = foldChecksum(sumWords(words(kept, before), 0, 4));
        const wish = foldChecksum(sumWords(words(kept, after), 0, 4));
        expect(updateChecksum(old, before, after)).to.equal(wish);
      }),
    );
  });

  it('chooseChecksum() of `wrong` is never right, nor zero', () => {
    for (const right of [0, 1, 0x1234, 0xfffd, 0xfffe, 0xffff]) {
      const wrong = chooseChecksum('wrong', right);
      expect(wrong % 0xffff, String(right)).not.to.equal(right % 0xffff);
      expect(wrong).to.be.within(1, 0xfffe);
    }
    expect(chooseChecksum('right', 7)).to.equal(7);
    expect(chooseChecksum(0, 7)).to.equal(0);
  });
});
