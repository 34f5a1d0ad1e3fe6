import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { seededRandom } from '../../../src/base/random.ts';
import { HmacKey } from '../../../src/wire/quic/hmac.ts';
import { hex, toHex } from './initials.ts';

describe('wire/quic/hmac', () => {
  it('sign() gives the first vector of RFC 4231', () => {
    const code = new HmacKey(hex('0b'.repeat(20))).sign(hex('4869205468657265'));
    expect(toHex(code)).to.equal(
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    );
  });

  it('sign() gives what OpenSSL does, whatever the lengths', () => {
    const random = seededRandom(1, 'hmac');
    const bytes = (length: number): Uint8Array =>
      Uint8Array.from({ length }, () => random.below(256));
    for (let keyLength = 0; keyLength <= 64; keyLength += 1) {
      const secret = bytes(keyLength);
      const key = new HmacKey(secret);
      for (let length = 0; length <= 55; length += 1) {
        const message = bytes(length);
        const wished = createHmac('sha256', secret).update(message).digest('hex');
        expect(toHex(key.sign(message))).to.equal(wished);
      }
    }
  });

  it('refuses keys and messages that do not fit into a block', () => {
    expect(() => new HmacKey(new Uint8Array(65))).to.throw('no longer than a block');
    expect(() => new HmacKey(new Uint8Array(1)).sign(new Uint8Array(56))).to.throw('fits');
  });
});
