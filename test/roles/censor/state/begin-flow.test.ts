import { expect } from 'chai';
import { DEFAULT_CENSOR, DEFAULT_REASSEMBLY } from '../../../../src/model/censor-defaults.ts';
import type { CensorRule } from '../../../../src/model/censor.ts';
import { RuleBook } from '../../../../src/roles/censor/match/rule-book.ts';
import {
  awaitWords,
  beginFlow,
  openStream,
  stopInspection,
} from '../../../../src/roles/censor/state/begin-flow.ts';
import { Flow } from '../../../../src/roles/censor/state/flow.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import {
  DROP,
  RESET,
  V4,
  clientData,
  datagram,
  handshake,
  query,
  rule,
  sniRule,
  text,
} from '../playbook.ts';

function load(packet: Uint8Array): PacketView {
  const view = new PacketView();
  view.load(packet, 0, packet.length);
  return view;
}

function beginWith(book: RuleBook, packet: Uint8Array, isForward = true): Flow {
  const view = load(packet);
  const flow = new Flow(1, 4, view.protocol, [0, 0, 0, 1], [0, 0, 0, 2], 1, 2, 0);
  beginFlow(flow, book, DEFAULT_REASSEMBLY, view, isForward, 0);
  return flow;
}

const bookOf = (rules: readonly CensorRule[]): RuleBook =>
  new RuleBook({ ...DEFAULT_CENSOR, rules }, 1, new PacketView(), null);

const begin = (rules: readonly CensorRule[], packet: Uint8Array, isForward = true): Flow =>
  beginWith(bookOf(rules), packet, isForward);

const [SYN = text(''), SYN_ACK = text('')] = handshake(V4, 1400);
const toServer = rule([{ field: 'ip.dst', prefixes: ['10.0.0.2/32'] }], DROP);

describe('roles/censor/begin-flow', () => {
  it('beginFlow() sorts rules by the direction that they can match', () => {
    for (const [packet, isForward] of [
      [SYN, true],
      [SYN_ACK, false],
    ] as const) {
      const flow = begin([toServer, sniRule(RESET)], packet, isForward);
      expect(flow.forwardRules.rules.map(({ index }) => index)).to.deep.equal([0, 1]);
      expect(flow.reverseRules.includes(flow.forwardRules.rules[0] ?? never())).to.equal(false);
      expect(flow).to.include({ awaitsWords: true, firstWord: 1001, stream: null });
    }
  });

  it('beginFlow() gives flows with the same rules one set of them', () => {
    const book = bookOf([toServer, sniRule(RESET)]);
    const [one, other] = [SYN, SYN].map((packet) => beginWith(book, packet));
    expect(one?.forwardRules).to.equal(other?.forwardRules);
    expect(one?.ruleMarks).to.equal(null);
  });

  it('beginFlow() counts packets only where a rule asks how many there were', () => {
    expect(begin([toServer], SYN).progress).to.equal(null);
    const early = rule([], DROP, { first: { packets: 1, bytes: null } });
    expect(begin([toServer, early], SYN).progress).to.not.equal(null);
  });

  it('beginFlow() reads the client’s SYN', () => {
    expect(begin([], SYN)).to.include({
      initialSequence: 1000,
      maximumSegment: 1400,
      awaitsWords: false,
    });
    expect(begin([], SYN_ACK, false)).to.include({ initialSequence: -1, maximumSegment: 0 });
  });

  it('beginFlow() looks at datagrams only where a rule asks about them', () => {
    const names = rule([{ field: 'dns.qname', names: ['*'] }], DROP);
    expect(begin([names], datagram(V4, query('a'))).datagrams).not.to.equal(null);
    expect(begin([toServer], datagram(V4, query('a'))).datagrams).to.equal(null);
  });

  it('openStream() reads from the first word on', () => {
    const flow = begin([sniRule(RESET)], SYN);
    openStream(flow, DEFAULT_REASSEMBLY);
    expect(flow.awaitsWords).to.equal(false);
    expect(flow.stream?.next).to.equal(1001);
    expect(flow.inspector).not.to.equal(null);
  });

  it('awaitWords() begins anew where a segment begins', () => {
    const flow = begin([sniRule(RESET)], SYN);
    openStream(flow, DEFAULT_REASSEMBLY);
    awaitWords(flow, load(clientData(V4, text('x'), 500)), true);
    expect(flow).to.include({ awaitsWords: true, firstWord: 1501, stream: null, inspector: null });
  });

  it('stopInspection() leaves nothing to be read', () => {
    const flow = begin([sniRule(RESET)], SYN);
    stopInspection(flow);
    expect(flow).to.include({ awaitsWords: false, stream: null, datagrams: null });
  });
});

function never(): never {
  throw new Error('there is a rule');
}
