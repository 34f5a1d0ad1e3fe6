import { expect } from 'chai';
import { Flow } from '../../../../src/roles/censor/state/flow.ts';
import { refuseWords, repeatsRefused } from '../../../../src/roles/censor/state/refused-words.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { V4, clientData, datagram, text } from '../playbook.ts';

function load(packet: Uint8Array): PacketView {
  const view = new PacketView();
  view.load(packet, 0, packet.length);
  return view;
}

const make = (): Flow => new Flow(1, 4, 6, [0, 0, 0, 1], [0, 0, 0, 2], 40_000, 443, 0);

describe('roles/censor/state/refused-words', () => {
  for (const [what, offset, words, wish] of [
    ['the same', 100, 'words', true],
    ['a part of it', 102, 'r', true],
    ['what overlaps its start', 98, 'xxx', true],
    ['what overlaps its end', 104, 'xxx', true],
    ['what ends before it', 98, 'xx', false],
    ['what begins behind it', 105, 'xx', false],
    ['an acknowledgment', 102, '', false],
  ] as const)
    it(`repeatsRefused() of ${what}: ${wish}`, () => {
      const flow = make();
      expect(repeatsRefused(flow, load(clientData(V4, text(words), offset)))).to.equal(false);
      refuseWords(flow, load(clientData(V4, text('words'), 100)));
      expect(repeatsRefused(flow, load(clientData(V4, text(words), offset)))).to.equal(wish);
    });

  it('refuseWords() refuses no datagrams: they are read each by itself', () => {
    const flow = make();
    refuseWords(flow, load(datagram(V4, text('words'))));
    expect(flow.refused).to.equal(null);
  });
});
