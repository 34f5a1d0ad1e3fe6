import { expect } from 'chai';
import fc from 'fast-check';
import { buildTcp, buildUdp } from '../../src/wire/build.ts';
import { concatBytes, writeU16 } from '../../src/wire/bytes.ts';
import { fragmentDataStart, joinFragments } from '../../src/wire/defragment.ts';
import { fragmentPacket } from '../../src/wire/fragment.ts';
import { V4, V6, ip } from '../roles/censor/playbook.ts';

const dataOf = (fragment: Uint8Array): Uint8Array =>
  fragment.subarray(fragmentDataStart(fragment) ?? fragment.length);

describe('wire/defragment', () => {
  for (const ends of [V4, V6])
    it(`joinFragments() undoes fragmentPacket() for ${ends.client}`, () => {
      const addresses = { source: ip(ends.client), destination: ip(ends.server) };
      fc.assert(
        fc.property(
          fc.uint8Array({ minLength: 30, maxLength: 400 }),
          fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 5 }),
          fc.boolean(),
          (payload, sizes, isTcp) => {
            const spec = { ...addresses, sourcePort: 1, destinationPort: 2, payload, id: 7 };
            const packet = isTcp
              ? buildTcp({ ...spec, dontFragment: false, sequence: 1, flags: 16 })
              : buildUdp({ ...spec, dontFragment: false });
            const fragments = fragmentPacket(
              packet,
              sizes.map((size) => size * 8),
              7,
            );
            const [first] = fragments;
            if (first === undefined) throw new Error('a packet has a first fragment');
            const whole = joinFragments(first, concatBytes(...fragments.map(dataOf)));
            expect(whole).to.deep.equal(packet);
          },
        ),
      );
    });

  it('joinFragments() keeps the headers before the Fragment header', () => {
    const spec = { source: ip(V6.client), destination: ip(V6.server) };
    const udp = buildUdp({
      ...spec,
      sourcePort: 1,
      destinationPort: 2,
      payload: new Uint8Array(64),
    });
    const hopByHop = Uint8Array.of(17, 0, 1, 4, 0, 0, 0, 0);
    const packet = concatBytes(udp.subarray(0, 40), hopByHop, udp.subarray(40));
    packet[6] = 0;
    writeU16(packet, 4, packet.length - 40);
    const fragments = fragmentPacket(packet, [32], 9);
    const [first] = fragments;
    if (first === undefined) throw new Error('a packet has a first fragment');
    expect(fragmentDataStart(first)).to.equal(56);
    expect(joinFragments(first, concatBytes(...fragments.map(dataOf)))).to.deep.equal(packet);
  });

  it('joinFragments() refuses what no length field can say', () => {
    for (const ends of [V4, V6]) {
      const spec = { source: ip(ends.client), destination: ip(ends.server) };
      const udp = buildUdp({
        ...spec,
        sourcePort: 1,
        destinationPort: 2,
        payload: new Uint8Array(64),
        dontFragment: false,
      });
      const [first] = fragmentPacket(udp, [32], 9);
      expect(first && joinFragments(first, new Uint8Array(65_600))).to.equal(null);
    }
  });

  it('fragmentDataStart() finds no Fragment header in a whole IPv6 packet', () => {
    const spec = { source: ip(V6.client), destination: ip(V6.server) };
    const udp = buildUdp({
      ...spec,
      sourcePort: 1,
      destinationPort: 2,
      payload: new Uint8Array(8),
    });
    expect(fragmentDataStart(udp)).to.equal(null);
    expect(joinFragments(udp, new Uint8Array(8))).to.equal(null);
  });
});
