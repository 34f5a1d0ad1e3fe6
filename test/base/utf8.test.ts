import { expect } from 'chai';
import { decodeUtf8 } from '../../src/base/utf8.ts';

describe('decodeUtf8()', () => {
  it('reads text without its byte order mark', () => {
    const bytes = Uint8Array.of(0xef, 0xbb, 0xbf, 0xc3, 0xbc);
    expect(decodeUtf8(bytes)).to.deep.equal({ ok: true, value: 'ü' });
  });

  it('refuses what is no UTF-8', () => {
    expect(decodeUtf8(Uint8Array.of(0xff, 0xfe)).ok).to.equal(false);
  });
});
