import { expect } from 'chai';
import { FlowKey } from '../../../../src/roles/censor/state/flow-key.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { V4, V6, clientData, datagram, serverData, text } from '../playbook.ts';

function keyOf(packet: Uint8Array): FlowKey {
  const view = new PacketView();
  view.load(packet, 0, packet.length);
  const key = new FlowKey(1);
  key.load(view);
  return key;
}

describe('roles/censor/flow-key', () => {
  for (const ends of [V4, V6])
    it(`load() gives both directions of a flow of ${ends.client} one hash`, () => {
      const forward = keyOf(clientData(ends, text('x')));
      const reverse = keyOf(serverData(ends, text('x')));
      expect(forward.hash).to.equal(reverse.hash);
      const flow = forward.begin(true, 0);
      expect([forward.mayBe(flow), forward.isForwardOf(flow)]).to.deep.equal([true, true]);
      expect([reverse.isForwardOf(flow), reverse.isReverseOf(flow)]).to.deep.equal([false, true]);
    });

  it('begin() makes a flow of the ends, whoever sent the packet', () => {
    const wish = { clientPort: 40_000, serverPort: 443, protocol: 6, version: 4 };
    expect(keyOf(clientData(V4, text('x'))).begin(true, 0)).to.include(wish);
    expect(keyOf(serverData(V4, text('x'))).begin(false, 0)).to.include(wish);
  });

  it('load() spreads ends whose ports and addresses count up together', () => {
    const hashes = Array.from({ length: 250 }, (_, at) => {
      const ends = { ...V4, client: `10.0.0.${at}`, clientPort: 1024 + at };
      return keyOf(clientData(ends, text('x'))).hash;
    });
    expect(new Set(hashes).size).to.equal(250);
  });

  it('mayBe() tells other ends and other protocols apart', () => {
    const flow = keyOf(clientData(V4, text('x'))).begin(true, 0);
    const others = [
      datagram(V4, text('x')),
      clientData({ ...V4, clientPort: 1 }, text('x')),
      clientData({ ...V4, server: '10.0.0.3' }, text('x')),
      clientData(V6, text('x')),
    ];
    for (const packet of others) {
      const key = keyOf(packet);
      expect(key.mayBe(flow) && (key.isForwardOf(flow) || key.isReverseOf(flow))).to.equal(false);
    }
  });
});
