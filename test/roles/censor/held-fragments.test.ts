import { expect } from 'chai';
import { DEFAULT_REASSEMBLY } from '../../../src/model/censor-defaults.ts';
import type { CensorAction } from '../../../src/model/censor-action.ts';
import type { Effects } from '../../../src/model/middlebox.ts';
import { HeldFragments } from '../../../src/roles/censor/held-fragments.ts';
import { fragmentPacket } from '../../../src/wire/fragment.ts';
import {
  DROP,
  type Ends,
  Playbook,
  RESET,
  V4,
  V6,
  clientData,
  datagram,
  fromClient,
  handshake,
  hello,
  query,
  rule,
  sniRule,
  text,
} from './playbook.ts';

const reassembly = { ...DEFAULT_REASSEMBLY, ipFragment: true };
const names = (action: CensorAction) =>
  rule([{ field: 'dns.qname', names: ['blocked.example'] }], action);
const PACKET: CensorAction = { ...DROP, scope: 'packet' };

/** A query in three fragments, its name cut in two. */
const asked = (ends: Ends, name: string): readonly Uint8Array[] =>
  fragmentPacket(datagram({ ...ends, serverPort: 53 }, query(name)), [16, 16], 5);

describe('roles/censor/held-fragments', () => {
  for (const ends of [V4, V6]) {
    it(`release() drops the whole of what is forbidden: ${ends.client}`, () => {
      const book = new Playbook([names(PACKET)], { reassembly });
      const dispositions = asked(ends, 'blocked.example').map((one) => book.judge(one));
      expect(dispositions).to.deep.equal(['taken', 'taken', 'drop']);
      expect(book.emitted).to.have.length(0);
    });

    it(`release() lets the fragments of what is allowed go on as they came: ${ends.client}`, () => {
      const book = new Playbook([names(PACKET)], { reassembly });
      const fragments = asked(ends, 'fine.example').toReversed();
      expect(fragments.map((one) => book.judge(one))).to.deep.equal(['taken', 'taken', 'taken']);
      expect(book.emitted.map(({ bytes }) => bytes)).to.deep.equal(fragments);
      expect(book.emitted.every(({ origin, at }) => origin === 'forwarded' && at === 0)).to.equal(
        true,
      );
    });

    it(`release() finds a name in the segments of a stream cut into fragments: ${ends.client}`, () => {
      const book = new Playbook([sniRule(RESET)], { reassembly });
      for (const packet of handshake(ends)) book.judge(packet);
      const segment = clientData(ends, hello('blocked.example'));
      for (const one of fragmentPacket(segment, [24, 24, 24], 5)) book.judge(one);
      expect(book.actions()).to.deep.equal(['reset']);
      expect(book.lines()).to.have.length(2);
    });
  }

  it('release() sends what a censor forges behind the fragments that it lets go', () => {
    const book = new Playbook([sniRule({ ...RESET, dropTrigger: false })], { reassembly });
    for (const packet of handshake(V4)) book.judge(packet);
    for (const one of fragmentPacket(clientData(V4, hello('blocked.example')), [24], 5))
      book.judge(one);
    expect(book.emitted.map(({ origin }) => origin)).to.deep.equal([
      'forwarded',
      'forwarded',
      'injected',
      'injected',
    ]);
  });

  it('release() cuts what goes on changed or late as it was cut before', () => {
    const sent: (readonly [Uint8Array, number])[] = [];
    const effects: Effects = {
      emit: (packet, at) => sent.push([packet.slice(), at]),
      report: () => undefined,
    };
    const packet = fromClient(V4, {
      sequence: 1,
      flags: 16,
      payload: text('x'.repeat(60)),
      dontFragment: false,
      id: 9,
    });
    const fragments = fragmentPacket(packet, [32], 9);
    const held = new HeldFragments({ packet, fragments, id: 9, size: 32 }, effects);
    held.emit(packet, 500, 'forwarded');
    expect(held.release('taken', 0)).to.equal('taken');
    expect(sent.map(([, at]) => at)).to.deep.equal([500, 500, 500]);
    expect(sent.map(([bytes]) => bytes)).to.deep.equal(fragmentPacket(packet, [32, 32, 32], 9));
  });

  it('judge() lets copies of fragments go where it is on-path', () => {
    const book = new Playbook([names(PACKET)], { reassembly, position: 'on-path' });
    const dispositions = asked(V4, 'blocked.example').map((one) => book.judge(one));
    expect(dispositions.slice(0, 2)).to.deep.equal(['pass', 'pass']);
    expect(book.actions()).to.deep.equal(['drop']);
  });

  it('judge() refuses a whole that it cannot parse, by onError', () => {
    for (const onError of ['pass', 'drop'] as const) {
      const book = new Playbook([names(PACKET)], { reassembly, onError });
      const segment = clientData(V4, text('x'.repeat(20)));
      segment[32] = 0;
      const [first, second] = fragmentPacket(segment, [24], 5);
      if (first === undefined || second === undefined) throw new Error('there are two');
      book.judge(first);
      expect(book.judge(second)).to.equal(onError === 'pass' ? 'taken' : 'drop');
      expect(book.censor.statistics.unparsable).to.equal(1);
      expect(book.emitted).to.have.length(onError === 'pass' ? 2 : 0);
    }
  });
});
