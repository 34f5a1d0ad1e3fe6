import { expect } from 'chai';
import { DEFAULT_CENSOR, DEFAULT_REASSEMBLY } from '../../../../src/model/censor-defaults.ts';
import type { CensorRule } from '../../../../src/model/censor.ts';
import { beginFlow, stopInspection } from '../../../../src/roles/censor/state/begin-flow.ts';
import { Flow } from '../../../../src/roles/censor/state/flow.ts';
import { RuleBook } from '../../../../src/roles/censor/match/rule-book.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { DROP, RESET, V4, datagram, handshake, query, rule, sniRule, text } from '../playbook.ts';

const view = new PacketView();

function begin(book: RuleBook, packet: Uint8Array, isForward = true): Flow {
  view.load(packet, 0, packet.length);
  const flow = new Flow(1, 4, view.protocol, [0, 0, 0, 1], [0, 0, 0, 2], 1, 2, 0);
  beginFlow(flow, book, DEFAULT_REASSEMBLY, view, isForward, 0);
  return flow;
}

const bookOf = (rules: readonly CensorRule[]): RuleBook =>
  new RuleBook({ ...DEFAULT_CENSOR, rules }, 1, view, null);

const [SYN = text(''), SYN_ACK = text('')] = handshake(V4, 1400);
const toServer = rule([{ field: 'ip.dst', prefixes: ['10.0.0.2/32'] }], DROP);

describe('roles/censor/begin-flow', () => {
  it('beginFlow() sorts rules by the direction that they can match', () => {
    for (const [packet, isForward] of [
      [SYN, true],
      [SYN_ACK, false],
    ] as const) {
      const flow = begin(bookOf([toServer, sniRule(RESET)]), packet, isForward);
      expect(flow.forwardRules.rules.map(({ index }) => index)).to.deep.equal([0, 1]);
      expect(flow.reverseRules).to.have.length(0);
      expect(flow.stream?.next).to.equal(1001);
    }
  });

  it('beginFlow() gives flows with the same rules one set of them', () => {
    const book = bookOf([toServer, sniRule(RESET)]);
    const [one, other] = [SYN, SYN].map((packet) => begin(book, packet));
    expect(one?.forwardRules).to.equal(other?.forwardRules);
    expect(one?.ruleMarks).to.equal(null);
  });

  it('beginFlow() counts packets only where a rule asks how many there were', () => {
    expect(begin(bookOf([toServer]), SYN).progress).to.equal(null);
    const early = rule([], DROP, { first: { packets: 1, bytes: null } });
    expect(begin(bookOf([toServer, early]), SYN).progress).to.not.equal(null);
  });

  it('beginFlow() reads the client’s SYN', () => {
    const none = bookOf([]);
    expect(begin(none, SYN)).to.include({
      initialSequence: 1000,
      maximumSegment: 1400,
      stream: null,
    });
    expect(begin(none, SYN_ACK, false)).to.include({ initialSequence: -1, maximumSegment: 0 });
  });

  it('beginFlow() looks at datagrams only where a rule asks about what they say', () => {
    const names = rule([{ field: 'dns.qname', names: ['*'] }], DROP);
    expect(begin(bookOf([names]), datagram(V4, query('a'))).datagrams).to.not.equal(null);
    expect(begin(bookOf([toServer]), datagram(V4, query('a'))).datagrams).to.equal(null);
    expect(begin(bookOf([sniRule(DROP)]), datagram(V4, query('a'))).datagrams).to.equal(null);
  });

  it('stopInspection() ends the reading', () => {
    const flow = begin(bookOf([sniRule(RESET)]), SYN);
    stopInspection(flow);
    expect(flow).to.include({ stream: null, inspector: null, datagrams: null });
  });
});
