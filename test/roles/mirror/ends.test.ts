import { expect } from 'chai';
import {
  describeEnd,
  destinationKey,
  endKey,
  reverseKey,
  sessionKey,
  sourceKey,
} from '../../../src/roles/mirror/ends.ts';
import { buildTcp } from '../../../src/wire/build.ts';
import { PacketView } from '../../../src/wire/packet.ts';
import { type TcpEnds } from '../../../src/roles/endpoint/tcp/packets.ts';
import { V4, V6, swapped } from '../endpoint/tcp/playbook.ts';

function packet(ends: TcpEnds): PacketView {
  const bytes = buildTcp({ ...ends, sequence: 1, flags: 2 });
  const view = new PacketView();
  view.load(bytes, 0, bytes.length);
  return view;
}

describe('roles/mirror/ends', () => {
  it('sessionKey() of one direction is reverseKey() of the other, and of nothing else', () => {
    for (const ends of [V4, V6]) {
      expect(sessionKey(packet(ends))).to.equal(reverseKey(packet(swapped(ends))));
      expect(sessionKey(packet(ends))).to.not.equal(sessionKey(packet(swapped(ends))));
    }
    const keys = [V4, V6, { ...V4, sourcePort: 1 }, { ...V4, destinationPort: 1 }].map((ends) =>
      sessionKey(packet(ends)),
    );
    expect(new Set(keys).size).to.equal(4);
  });

  it('endKey() of an address is that of a packet with it', () => {
    for (const ends of [V4, V6]) {
      expect(endKey(ends.source, ends.sourcePort)).to.equal(sourceKey(packet(ends)));
      expect(endKey(ends.destination, ends.destinationPort)).to.equal(destinationKey(packet(ends)));
    }
  });

  it('describeEnd() writes an address with its port', () => {
    expect(describeEnd(V4.source, 80)).to.equal('10.0.0.1:80');
    expect(describeEnd(V6.source, 80)).to.equal('[fd00::1]:80');
  });
});
