import { expect } from 'chai';
import fc from 'fast-check';
import type { IpAddress } from '../../src/base/addresses.ts';
import { buildIcmp, buildIp, buildTcp, buildUdp } from '../../src/wire/build.ts';
import { fragmentPacket } from '../../src/wire/fragment.ts';
import { PacketView } from '../../src/wire/packet.ts';
import { type NewEnds, repairChecksums, rewritePacket } from '../../src/wire/rewrite.ts';
import { ip } from '../roles/forward/router.ts';

interface Family {
  readonly before: { readonly source: IpAddress; readonly destination: IpAddress };
  readonly after: { readonly source: IpAddress; readonly destination: IpAddress };
}
const V4: Family = {
  before: { source: ip('192.0.2.1'), destination: ip('198.51.100.2') },
  after: { source: ip('10.9.0.7'), destination: ip('10.9.255.255') },
};
const V6: Family = {
  before: { source: ip('2001:db8::1'), destination: ip('2001:db8::2') },
  after: { source: ip('fd00::ffff'), destination: ip('fd00:1:2:3:4:5:6:7') },
};
const OLD_PORTS = { sourcePort: 40_000, destinationPort: 443 };
const NEW_PORTS = { sourcePort: 1, destinationPort: 65_535 };
const TCP_FIELDS = { sequence: 1, flags: 0x18 };

function load(packet: Uint8Array): PacketView {
  const view = new PacketView();
  if (!view.load(packet, 0, packet.length)) throw new Error(view.fault ?? '');
  return view;
}

function rewritten(packet: Uint8Array, ends: NewEnds): PacketView {
  expect(rewritePacket(load(packet), ends)).to.equal(true);
  return load(packet);
}

for (const [name, { before, after }] of Object.entries({ V4, V6 }))
  describe(`wire/rewrite, ${name}`, () => {
    const ends = { ...after, ...NEW_PORTS };

    it('rewritePacket() of TCP is the segment as built between the new ends', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(0xffffffff), (payload, sequence) => {
          const fields = { sequence, flags: 0x18, payload };
          const packet = buildTcp({ ...before, ...OLD_PORTS, ...fields });
          rewritten(packet, ends);
          expect(packet).to.deep.equal(buildTcp({ ...ends, ...fields }));
        }),
      );
    });

    it('rewritePacket() of UDP is the datagram as built between the new ends', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 60 }), (payload) => {
          const packet = buildUdp({ ...before, ...OLD_PORTS, payload });
          rewritten(packet, ends);
          expect(packet).to.deep.equal(buildUdp({ ...ends, payload }));
        }),
      );
    });

    it('rewritePacket() without ports keeps them, and those of an echo', () => {
      const tcp = buildTcp({ ...before, ...OLD_PORTS, ...TCP_FIELDS });
      expect(rewritten(tcp, after)).to.include(OLD_PORTS);
      const message = { type: 128, code: 0, id: 3, sequence: 4, data: Uint8Array.of(1, 2, 3) };
      const echo = buildIcmp(before, message);
      rewritten(echo, ends);
      expect(echo).to.deep.equal(buildIcmp(after, message));
    });

    it('rewritePacket() leaves a wrong checksum wrong', () => {
      const packet = buildTcp({ ...before, ...OLD_PORTS, ...TCP_FIELDS, checksum: 'wrong' });
      expect(rewritten(packet, ends).verifyTransportChecksum()).to.equal('invalid');
    });

    it('rewritePacket() of fragments gives fragments of the new datagram', () => {
      const payload = Uint8Array.from({ length: 100 }, (_, index) => index);
      const fields = { ...TCP_FIELDS, dontFragment: false, id: 5, payload };
      const parts = fragmentPacket(buildTcp({ ...before, ...OLD_PORTS, ...fields }), [48, 24], 9);
      for (const part of parts) rewritten(part, ends);
      expect(parts).to.deep.equal(fragmentPacket(buildTcp({ ...ends, ...fields }), [48, 24], 9));
    });

    it('rewritePacket() says when a first fragment is too small to hold the checksum', () => {
      const packet = buildTcp({ ...before, ...OLD_PORTS, ...TCP_FIELDS });
      const [first] = fragmentPacket(packet, [8], 9);
      expect(rewritePacket(load(first ?? packet), ends)).to.equal(false);
    });

    it('rewritePacket() takes a packet that the capture cut', () => {
      const fields = { ...TCP_FIELDS, payload: new Uint8Array(100).fill(7) };
      const packet = buildTcp({ ...before, ...OLD_PORTS, ...fields });
      const view = new PacketView();
      view.load(packet, 0, packet.length - 90, packet.length);
      expect(rewritePacket(view, ends)).to.equal(true);
      expect(packet).to.deep.equal(buildTcp({ ...ends, ...fields }));
    });

    it('repairChecksums() mends TCP, UDP, ICMP and the IPv4 header', () => {
      const wrong = { checksum: 'wrong', ipChecksum: 'wrong' } as const;
      const payload = Uint8Array.of(1, 2, 3);
      const specs = { ...before, ...OLD_PORTS, ...TCP_FIELDS, payload };
      for (const build of [buildTcp, buildUdp]) {
        const packet = build({ ...specs, ...wrong });
        repairChecksums(load(packet));
        expect(packet).to.deep.equal(build(specs));
      }
    });

    it('repairChecksums() leaves a fragment and an unknown protocol their bytes', () => {
      for (const packet of [
        buildIp({ ...before, moreFragments: true }, 6, new Uint8Array(40).fill(0x50)),
        buildIp(before, 253, new Uint8Array(40).fill(0x50)),
      ]) {
        const copy = packet.slice();
        repairChecksums(load(packet));
        expect(packet).to.deep.equal(copy);
      }
    });
  });

describe('wire/rewrite', () => {
  it('rewritePacket() leaves a UDP datagram over IPv4 without a checksum', () => {
    const payload = Uint8Array.of(1);
    const packet = buildUdp({ ...V4.before, ...OLD_PORTS, payload, checksum: 0 });
    expect(rewritten(packet, V4.after).verifyTransportChecksum()).to.equal('absent');
  });
});
