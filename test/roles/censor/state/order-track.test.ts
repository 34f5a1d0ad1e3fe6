import { expect } from 'chai';
import { OrderTrack } from '../../../../src/roles/censor/state/order-track.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import { V4, clientData, fromClient, fromServer, text } from '../playbook.ts';

const { ACK, FIN, SYN } = TCP_FLAG;

function viewOf(packet: Uint8Array): PacketView {
  const view = new PacketView();
  expect(view.load(packet, 0, packet.length)).to.equal(true);
  return view;
}

/** `offset` is from the start of the client's stream, which follows the SYN of 1000. */
const words = (offset: number): PacketView => viewOf(clientData(V4, text('four'), offset));

describe('roles/censor/order-track', () => {
  it('isOut() is so of words before and behind the place, and of nothing without words', () => {
    const track = new OrderTrack(1000);
    expect([-1, 0, 1].map((offset) => track.isOut(words(offset), true))).to.deep.equal([
      true,
      false,
      true,
    ]);
    const bare = viewOf(fromClient(V4, { sequence: 7, flags: ACK }));
    expect(track.isOut(bare, true)).to.equal(false);
  });

  it('note() goes on behind what came in order, and nowhere else', () => {
    const track = new OrderTrack(1000);
    track.note(words(100), true);
    expect(track.next(true)).to.equal(1001);
    track.note(words(0), true);
    track.note(viewOf(fromClient(V4, { sequence: 1005, flags: FIN | ACK })), true);
    expect(track.next(true)).to.equal(1005);
  });

  it('note() learns of each end by what it says first', () => {
    const track = new OrderTrack(-1);
    track.note(words(100), true);
    expect(track.next(true)).to.equal(1105);
    expect(track.next(false)).to.equal(-1);
    track.note(viewOf(fromServer(V4, { sequence: 0xffff_ffff, flags: SYN | ACK })), false);
    expect(track.next(false)).to.equal(0);
  });

  it('forgetClient() takes the next words wherever they are', () => {
    const track = new OrderTrack(1000);
    track.forgetClient();
    expect(track.isOut(words(100), true)).to.equal(false);
    track.note(words(100), true);
    expect(track.next(true)).to.equal(1105);
  });
});
