import { expect } from 'chai';
import fc from 'fast-check';
import { concatBytes } from '../../../src/wire/bytes.ts';
import {
  QUIC_VERSION,
  type QuicLongHeader,
  readLongHeader,
  startsLikeQuic,
} from '../../../src/wire/quic/header.ts';
import { RFC_ID, hex, realInitial, sealInitial, toHex } from './initials.ts';

const read = (packet: Uint8Array): QuicLongHeader | null =>
  readLongHeader(packet, 0, packet.length);
const PACKET = sealInitial({ payload: new Uint8Array(20) });

describe('wire/quic/header', () => {
  it('readLongHeader() reads an Initial with a token, before another packet', () => {
    const first = sealInitial({
      version: QUIC_VERSION.v2,
      sourceId: hex('0102'),
      token: hex('aabbcc'),
      payload: new Uint8Array(30),
    });
    const header = readLongHeader(concatBytes(hex('ee'), first, PACKET), 1, 1 + first.length + 40);
    expect(header).to.include({ type: 'initial', version: QUIC_VERSION.v2 });
    expect(header).to.include({ end: 1 + first.length });
    expect(header?.packetNumberStart).to.equal(1 + first.length - 47);
    expect(toHex(header?.destinationId ?? hex(''))).to.equal(toHex(RFC_ID));
    expect(toHex(header?.sourceId ?? hex(''))).to.equal('0102');
    expect(toHex(header?.token ?? hex(''))).to.equal('aabbcc');
  });

  it('readLongHeader() reads that of a real client', () => {
    expect(read(realInitial())).to.include({ type: 'initial', version: 1, end: 1200 });
  });

  // RFC 9001 and RFC 9369, appendices A.4.
  for (const [version, retry] of [
    [1, 'ff000000010008f067a5502a4262b5746f6b656e04a265ba2eff4d829058fb3f0f2496ba'],
    [2, 'cf6b3343cf0008f067a5502a4262b5746f6b656ec8646ce8bfe33952d955543665dcc7b6'],
  ] as const)
    it(`readLongHeader() knows a Retry of version ${version}`, () => {
      expect(read(hex(retry))).to.include({ type: 'retry', end: retry.length / 2 });
    });

  it('readLongHeader() knows the other types of both versions', () => {
    const rest = `0000 4014${'00'.repeat(20)}`;
    const types = ['d0', 'e0'].map((first) => read(hex(`${first}00000001${rest}`))?.type);
    const types2 = ['e0', 'f0'].map((first) => read(hex(`${first}6b3343cf${rest}`))?.type);
    expect(types).to.deep.equal(['0-rtt', 'handshake']);
    expect(types2).to.deep.equal(types);
  });

  const changed = (at: number, value: number): Uint8Array =>
    PACKET.map((byte, index) => (index === at ? value : byte));
  const others: readonly (readonly [string, Uint8Array])[] = [
    ['a short header', changed(0, 0x43)],
    ['a byte without the fixed bit', changed(0, 0x83)],
    ['another version', changed(4, 2)],
    ['version negotiation', changed(4, 0)],
    ['nothing', hex('')],
  ];
  for (const [what, packet] of others)
    it(`startsLikeQuic() refuses ${what}`, () => {
      expect(startsLikeQuic(packet, 0, packet.length)).to.equal(false);
      expect(read(packet)).to.equal(null);
    });

  it('readLongHeader() refuses lengths that do not fit', () => {
    for (let length = 0; length < PACKET.length; length += 1)
      expect(read(PACKET.subarray(0, length)), `first ${length} bytes`).to.equal(null);
    expect(read(changed(5, 21)), 'a destination ID of 21 bytes').to.equal(null);
    expect(read(changed(14, 21)), 'a source ID of 21 bytes').to.equal(null);
    expect(read(changed(15, 0xff)), 'an endless token').to.equal(null);
    expect(read(changed(17, 19)), 'no room for a sample').to.equal(null);
  });

  it('readLongHeader() never throws on random bytes nor reads past the end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(30), (bytes, keep) => {
        const packet = concatBytes(PACKET.subarray(0, keep), bytes);
        const header = read(packet);
        if (header !== null) expect(header.end).to.be.at.most(packet.length);
      }),
    );
  });
});
