import { expect } from 'chai';
import fc from 'fast-check';
import { concatBytes } from '../../src/wire/bytes.ts';
import { findIpPacket } from '../../src/wire/link-layer.ts';

const V4 = Uint8Array.of(0x45, 0, 0, 20);
const V6 = Uint8Array.of(0x60, 0, 0, 0);
const MACS = new Uint8Array(12);
const zeros = (count: number): Uint8Array => new Uint8Array(count);

describe('findIpPacket()', () => {
  for (const [name, linkType, header, packet] of [
    ['Ethernet', 1, concatBytes(MACS, Uint8Array.of(0x08, 0)), V4],
    [
      'Ethernet with two tags',
      1,
      concatBytes(MACS, Uint8Array.of(0x88, 0xa8, 0, 5, 0x81, 0, 0, 7, 0x86, 0xdd)),
      V6,
    ],
    ['BSD loopback', 0, Uint8Array.of(2, 0, 0, 0), V4],
    ['BSD loopback of IPv6, as macOS numbers it', 0, Uint8Array.of(30, 0, 0, 0), V6],
    ['OpenBSD loopback', 108, Uint8Array.of(0, 0, 0, 24), V6],
    ['raw IP', 101, zeros(0), V6],
    ['raw IP of old', 12, zeros(0), V4],
    ['IPv4', 228, zeros(0), V4],
    ['Linux cooked', 113, concatBytes(zeros(14), Uint8Array.of(0x08, 0)), V4],
    [
      'Linux cooked with a tag',
      113,
      concatBytes(zeros(14), Uint8Array.of(0x81, 0, 0, 9, 0x86, 0xdd)),
      V6,
    ],
    ['Linux cooked, version 2', 276, concatBytes(Uint8Array.of(0x86, 0xdd), zeros(18)), V6],
  ] as const)
    it(`finds it behind ${name}`, () => {
      expect(findIpPacket(linkType, concatBytes(header, packet))).to.equal(header.length);
      expect(findIpPacket(linkType, header)).to.equal(-1);
    });

  it('passes over frames of other protocols', () => {
    expect(findIpPacket(1, concatBytes(MACS, Uint8Array.of(0x08, 6), zeros(28)))).to.equal(-1);
    expect(findIpPacket(113, concatBytes(zeros(14), Uint8Array.of(0x08, 6), zeros(28)))).to.equal(
      -1,
    );
    expect(findIpPacket(0, Uint8Array.of(7, 0, 0, 0, 0xff))).to.equal(-1);
  });

  it('knows no other link layers', () => {
    expect(findIpPacket(127, zeros(40))).to.equal(null);
  });

  it('stays within the frame, whatever the bytes', () => {
    const types = fc.constantFrom(0, 1, 12, 14, 101, 108, 113, 228, 229, 276);
    fc.assert(
      fc.property(types, fc.uint8Array({ maxLength: 60 }), (linkType, frame) => {
        const at = findIpPacket(linkType, frame) ?? NaN;
        expect(at).to.be.within(-1, Math.max(frame.length - 1, -1));
      }),
    );
  });
});
