import { expect } from 'chai';
import fc from 'fast-check';
import { fragmentIpv4, fragmentPacket } from '../../src/wire/fragment.ts';
import { internetChecksum } from '../../src/wire/checksum.ts';
import { buildIp } from '../../src/wire/build.ts';
import {
  ipv4DontFragment,
  ipv4FragmentOffset,
  ipv4HeaderLength,
  ipv4MoreFragments,
} from '../../src/wire/ipv4.ts';
import { PacketView } from '../../src/wire/packet.ts';
import { ip } from '../roles/forward/router.ts';

const packetOf = (payload: Uint8Array, rest = {}): Uint8Array =>
  buildIp(
    { source: ip('10.0.0.1'), destination: ip('10.0.0.2'), id: 77, dontFragment: false, ...rest },
    17,
    payload,
  );

describe('wire/fragment', () => {
  it('fragmentIpv4() cuts a packet into parts that make it whole again', () => {
    const input = fc.tuple(
      fc.uint8Array({ minLength: 1, maxLength: 4000 }),
      fc.integer({ min: 68, max: 1500 }),
    );
    fc.assert(
      fc.property(input, ([payload, mtu]) => {
        const packet = packetOf(payload);
        const fragments = fragmentIpv4(packet, 0, packet.length, mtu);
        const whole = new Uint8Array(payload.length);
        for (const [index, fragment] of fragments.entries()) {
          expect(fragment.length).to.be.at.most(mtu);
          expect(internetChecksum(fragment, 0, 20)).to.equal(0);
          expect(ipv4MoreFragments(fragment, 0)).to.equal(index < fragments.length - 1);
          whole.set(fragment.subarray(20), ipv4FragmentOffset(fragment, 0));
        }
        expect(whole).to.deep.equal(payload);
      }),
    );
  });

  it('fragmentIpv4() keeps offset and flag of a fragment that it cuts again', () => {
    const packet = packetOf(new Uint8Array(160), { moreFragments: true, fragmentOffset: 800 });
    const fragments = fragmentIpv4(packet, 0, packet.length, 116);
    expect(fragments.map((fragment) => ipv4FragmentOffset(fragment, 0))).to.deep.equal([800, 896]);
    expect(fragments.map((fragment) => ipv4MoreFragments(fragment, 0))).to.deep.equal([true, true]);
  });

  it('fragmentIpv4() copies only the options that are to be copied', () => {
    const plain = packetOf(new Uint8Array(200));
    // Record Route (7, not copied) and Router Alert (148, copied: RFC 2113).
    const options = [7, 7, 4, 0, 0, 0, 0, 1, 148, 4, 0, 0];
    const packet = Uint8Array.from([...plain.subarray(0, 20), ...options, ...plain.subarray(20)]);
    packet[0] = 0x48;
    const [first, second] = fragmentIpv4(packet, 0, packet.length, 132);
    expect(ipv4HeaderLength(first ?? plain, 0)).to.equal(32);
    expect(ipv4HeaderLength(second ?? plain, 0)).to.equal(24);
    expect([...(second ?? plain).subarray(20, 24)]).to.deep.equal([148, 4, 0, 0]);
  });

  it('fragmentPacket() cuts IPv4 at the sizes that it is given', () => {
    const packet = packetOf(new Uint8Array(100).fill(1), { dontFragment: true });
    const parts = fragmentPacket(packet, [8, 24], 0);
    expect(parts.map((part) => part.length - 20)).to.deep.equal([8, 24, 68]);
    expect(parts.map((part) => ipv4FragmentOffset(part, 0))).to.deep.equal([0, 8, 32]);
    expect(parts.map((part) => ipv4MoreFragments(part, 0))).to.deep.equal([true, true, false]);
    expect(parts.every((part) => !ipv4DontFragment(part, 0))).to.equal(true);
  });

  it('fragmentPacket() with sizes beyond the packet leaves the last as long as what is left', () => {
    const parts = fragmentPacket(packetOf(new Uint8Array(20)), [16, 999, 8], 0);
    expect(parts.map((part) => part.length - 20)).to.deep.equal([16, 4]);
    expect(() => fragmentPacket(packetOf(new Uint8Array(20)), [9], 0)).to.throw('multiple of 8');
  });

  it('fragmentPacket() puts a Fragment header into IPv6', () => {
    const spec = { source: ip('fd00::1'), destination: ip('fd00::2') };
    const payload = Uint8Array.from({ length: 20 }, (_, index) => index);
    // A Buffer, whose slice() would be a view.
    const packet = Buffer.from(buildIp(spec, 17, payload));
    const parts = fragmentPacket(packet, [16], 0xdeadbeef);
    expect(Uint8Array.from(packet)).to.deep.equal(buildIp(spec, 17, payload));
    expect(parts).to.deep.equal([
      buildIp({ ...spec, id: 0xdeadbeef, moreFragments: true }, 17, payload.subarray(0, 16)),
      buildIp({ ...spec, id: 0xdeadbeef, fragmentOffset: 16 }, 17, payload.subarray(16)),
    ]);
    expect(Buffer.from(parts[1] ?? payload).toString('hex', 40)).to.equal(
      '11000010deadbeef' + '10111213',
    );
  });

  it('fragmentPacket() repeats hop-by-hop options, and destination options before a Routing header', () => {
    const spec = { source: ip('fd00::1'), destination: ip('fd00::2') };
    const extension = (next: number): number[] => [next, 0, 1, 4, 0, 0, 0, 0];
    // Hop-by-hop (0), destination options (60), Routing (43), destination options again, UDP (17).
    const headers = [...extension(60), ...extension(43), ...extension(60), ...extension(17)];
    const packet = buildIp(spec, 0, Uint8Array.from([...headers, ...new Uint8Array(8)]));
    const parts = fragmentPacket(packet, [8], 1);
    expect(parts.map((part) => part.length)).to.deep.equal([40 + 24 + 8 + 8, 40 + 24 + 8 + 8]);
    for (const part of parts) {
      const view = new PacketView();
      expect(view.load(part, 0, part.length)).to.equal(true);
      expect(view.isFragment).to.equal(true);
      expect([...part.subarray(56, 64)]).to.deep.equal(extension(44));
      expect(part[64]).to.equal(60);
    }
  });
});
