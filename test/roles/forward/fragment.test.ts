import { expect } from 'chai';
import fc from 'fast-check';
import { fragmentIpv4 } from '../../../src/roles/forward/fragment.ts';
import { internetChecksum } from '../../../src/wire/checksum.ts';
import { buildIp } from '../../../src/wire/build.ts';
import { ipv4FragmentOffset, ipv4HeaderLength, ipv4MoreFragments } from '../../../src/wire/ipv4.ts';
import { ip } from './router.ts';

const packetOf = (payload: Uint8Array, rest = {}): Uint8Array =>
  buildIp(
    { source: ip('10.0.0.1'), destination: ip('10.0.0.2'), id: 77, dontFragment: false, ...rest },
    17,
    payload,
  );

describe('roles/forward/fragment', () => {
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
});
