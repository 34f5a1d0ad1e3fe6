import { expect } from 'chai';
import fc from 'fast-check';
import { concatBytes } from '../../../src/wire/bytes.ts';
import { readCryptoFrames } from '../../../src/wire/quic/frames.ts';
import { RFC_CLIENT, cryptoFrame, hex, toHex } from './initials.ts';

const read = (payload: Uint8Array): readonly (readonly [number, string])[] | null =>
  readCryptoFrames(payload)?.map(({ offset, data }) => [offset, toHex(data)]) ?? null;

describe('wire/quic/frames', () => {
  it('readCryptoFrames() finds the ClientHello of RFC 9001', () => {
    const [frame, ...others] = readCryptoFrames(RFC_CLIENT.payload) ?? [];
    expect(others).to.deep.equal([]);
    expect(frame).to.include({ offset: 0 });
    expect(frame?.data).to.have.length(241);
  });

  it('readCryptoFrames() passes over padding, pings and acknowledgments', () => {
    const payload = concatBytes(
      hex('0001'),
      cryptoFrame(70_000, hex('aabb')),
      // ACK of 3 and 1, the first range and one more; then one with three ECN counts.
      hex('02 03 40c8 01 00 00 00'),
      cryptoFrame(0, hex('cc')),
      hex('03 03 00 00 03 01 4001 02'),
      hex('0000'),
    );
    expect(read(payload)).to.deep.equal([
      [70_000, 'aabb'],
      [0, 'cc'],
    ]);
  });

  it('readCryptoFrames() stops where the connection is closed', () => {
    const payload = concatBytes(cryptoFrame(0, hex('aa')), hex('1c000000'), hex('ff'));
    expect(read(payload)).to.deep.equal([[0, 'aa']]);
  });

  const faults: readonly (readonly [string, string])[] = [
    ['a STREAM frame', '0800'],
    ['a frame type of many bytes', 'c000000000000010'],
    ['CRYPTO data that ends outside', '060003aabb'],
    ['CRYPTO without its length', '0600'],
    ['an endless ACK', '0203ffffffffffffffffffffffffffffffff00'],
    ['an ACK that ends outside', '020300'],
  ];
  for (const [what, payload] of faults)
    it(`readCryptoFrames() refuses ${what}`, () => {
      expect(read(hex(payload))).to.equal(null);
    });

  it('readCryptoFrames() never throws on random bytes and gives no more than it was given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const frames = readCryptoFrames(bytes) ?? [];
        const total = frames.reduce((sum, { data }) => sum + data.length, 0);
        expect(total).to.be.at.most(bytes.length);
      }),
    );
  });
});
