import { expect } from 'chai';
import {
  isClosing,
  isHalfOpen,
  isOpening,
  isSynAck,
  markSegment,
  movesStage,
  stageOf,
} from '../../../../src/roles/censor/state/connection.ts';
import { FlowKey } from '../../../../src/roles/censor/state/flow-key.ts';
import type { Flow } from '../../../../src/roles/censor/state/flow.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import { V4, clientData, datagram, fromClient, fromServer, handshake, text } from '../playbook.ts';

const { ACK, FIN, RST } = TCP_FLAG;

function view(packet: Uint8Array): PacketView {
  const loaded = new PacketView();
  loaded.load(packet, 0, packet.length);
  return loaded;
}

/** The flow of TCP segments, those of the server marked by `false`. */
function follow(...segments: readonly (readonly [Uint8Array, boolean])[]): Flow {
  const key = new FlowKey(1);
  key.load(view(clientData(V4, text(''))));
  const flow = key.begin(true, 0);
  for (const [packet, isForward] of segments) markSegment(flow, view(packet), isForward);
  return flow;
}

const [SYN, SYN_ACK, LAST] = handshake(V4);
if (SYN === undefined || SYN_ACK === undefined || LAST === undefined) throw new Error('three');
const finOf = (build: typeof fromClient): Uint8Array =>
  build(V4, { sequence: 1001, acknowledgment: 1, flags: FIN | ACK });
const reset = fromServer(V4, { sequence: 5001, flags: RST });

describe('roles/censor/connection', () => {
  it('isOpening() and isSynAck() tell the handshake’s first two segments from others', () => {
    const tell = (packet: Uint8Array): readonly boolean[] => [
      isOpening(view(packet)),
      isSynAck(view(packet)),
      movesStage(view(packet)),
    ];
    expect(tell(SYN)).to.deep.equal([true, false, true]);
    expect(tell(SYN_ACK)).to.deep.equal([false, true, true]);
    expect(tell(LAST)).to.deep.equal([false, false, false]);
    expect(tell(reset)).to.deep.equal([false, false, true]);
  });

  const stages = [
    ['a SYN', follow([SYN, true]), 'syn', true],
    ['a SYN+ACK', follow([SYN, true], [SYN_ACK, false]), 'syn', true],
    ['a handshake', follow([SYN, true], [SYN_ACK, false], [LAST, true]), 'established', false],
    ['an ACK without a SYN+ACK', follow([SYN, true], [LAST, true]), 'syn', true],
    ['a flow met in the midst', follow([LAST, true]), 'established', false],
    ['one FIN', follow([LAST, true], [finOf(fromClient), true]), 'established', false],
    ['both FINs', follow([finOf(fromClient), true], [finOf(fromServer), false]), 'closing', false],
    ['a RST', follow([SYN, true], [reset, false]), 'closing', false],
  ] as const;
  for (const [what, flow, stage, isOpen] of stages)
    it(`stageOf() is ${stage} after ${what}`, () => {
      expect(stageOf(flow)).to.equal(stage);
      expect(isHalfOpen(flow)).to.equal(isOpen);
      expect(isClosing(flow)).to.equal(stage === 'closing');
    });

  it('stageOf() knows what is not TCP by its protocol', () => {
    const key = new FlowKey(1);
    key.load(view(datagram(V4, text('x'))));
    expect(stageOf(key.begin(true, 0))).to.equal('udp');
  });
});
