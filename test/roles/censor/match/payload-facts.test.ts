import { expect } from 'chai';
import { PayloadFacts } from '../../../../src/roles/censor/match/payload-facts.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { V4, clientData, request, text } from '../playbook.ts';

function factsOf(payload: Uint8Array): PayloadFacts {
  const packet = clientData(V4, payload);
  const view = new PacketView();
  view.load(packet, 0, packet.length);
  const facts = new PayloadFacts();
  facts.load(view);
  return facts;
}

describe('roles/censor/match/payload-facts', () => {
  it('counts what the filters of the field go by', () => {
    const all = factsOf(Uint8Array.from({ length: 256 }, (_, byte) => byte));
    expect(all.entropy).to.equal(8);
    expect(all.popcount).to.equal(4);
    expect(all.printable).to.equal(95 / 256);
    expect(all.printableRun).to.equal(95);
    expect(all.printablePrefix).to.equal(0);
    const mixed = factsOf(Uint8Array.of(0x41, 0x41, 0x00, 0x41, 0x41, 0x41, 0x7f, 0x41));
    expect(mixed.printable).to.equal(0.75);
    expect(mixed.printableRun).to.equal(3);
    expect(mixed.printablePrefix).to.equal(2);
    expect(mixed.popcount).to.equal((6 * 2 + 0 + 7) / 8);
    expect(factsOf(text('aaaa')).entropy).to.equal(0);
    expect(factsOf(text('abab')).entropy).to.equal(1);
    expect(factsOf(text('abab')).printablePrefix).to.equal(4);
  });

  it('knows nothing of an empty payload', () => {
    const facts = factsOf(new Uint8Array(0));
    const { entropy, popcount, printable, printableRun, printablePrefix } = facts;
    for (const value of [entropy, popcount, printable, printableRun, printablePrefix])
      expect(value).to.be.NaN;
    expect([facts.text, facts.protocol]).to.deep.equal([null, null]);
  });

  it('gives one character a byte, and what the payload looks like', () => {
    expect(factsOf(Uint8Array.of(0xff, 0x41)).text).to.equal('\u00ffA');
    expect(factsOf(request('x')).protocol).to.equal('http');
  });
});
