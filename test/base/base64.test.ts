import { expect } from 'chai';
import fc from 'fast-check';
import { base64Length, encodeBase64 } from '../../src/base/base64.ts';

describe('encodeBase64()', () => {
  // RFC 4648 section 10.
  for (const [text, encoded] of [
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foobar', 'Zm9vYmFy'],
  ] as const)
    it(`gives "${encoded}" for "${text}"`, () =>
      expect(encodeBase64(new TextEncoder().encode(text))).to.equal(encoded));

  it('agrees with what Node makes, beyond one slice too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(30_000), (some, length) => {
        const bytes = new Uint8Array(length).map((_, index) => some[index % some.length] ?? 7);
        expect(encodeBase64(bytes)).to.equal(Buffer.from(bytes).toString('base64'));
      }),
      { numRuns: 20 },
    );
  });
});

describe('base64Length()', () => {
  it('gives the number of bytes, whatever the padding', () => {
    expect(['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9v\nZg=='].map(base64Length)).to.deep.equal([
      0, 1, 2, 3, 4,
    ]);
  });

  it('knows what is no base64', () => {
    expect(['Zg', 'Z===', 'Zm9v!', '=Zg='].map(base64Length)).to.deep.equal(
      Array(4).fill(undefined),
    );
  });
});
