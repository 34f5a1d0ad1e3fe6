import { expect } from 'chai';
import { Flow, settle } from '../../../../src/roles/censor/state/flow.ts';
import { advance, followSequences } from '../../../../src/roles/censor/state/follow-sequences.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { V4, clientData, handshake, serverData, text } from '../playbook.ts';

function load(packet: Uint8Array): PacketView {
  const view = new PacketView();
  view.load(packet, 0, packet.length);
  return view;
}

const make = (): Flow => new Flow(1, 4, 6, [0, 0, 0, 1], [0, 0, 0, 2], 40_000, 443, 0);

describe('roles/censor/state/follow-sequences', () => {
  it('followSequences() learns of one segment where both directions are', () => {
    for (const [packet, isForward] of [
      [clientData(V4, text('words')), true],
      [serverData(V4, text('words')), false],
    ] as const) {
      const flow = make();
      followSequences(flow, load(packet), isForward);
      expect([flow.forward.next, flow.reverse.next]).to.deep.equal([1001, 5001]);
    }
  });

  it('advance() goes on behind a segment that its receiver gets', () => {
    const flow = make();
    const view = load(clientData(V4, text('words')));
    followSequences(flow, view, true);
    advance(flow, view, true);
    expect([flow.forward.next, flow.reverse.next]).to.deep.equal([1006, 5001]);
  });

  it('advance() follows neither a SYN nor a settled flow', () => {
    const [syn] = handshake(V4);
    const flow = make();
    advance(flow, load(syn ?? text('')), true);
    expect(flow.forward.isKnown).to.equal(false);
    settle(flow);
    advance(flow, load(clientData(V4, text('words'))), true);
    expect(flow.forward.isKnown).to.equal(false);
  });
});
