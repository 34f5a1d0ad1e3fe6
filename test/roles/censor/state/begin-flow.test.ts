import { expect } from 'chai';
import type { CensorRule } from '../../../../src/model/censor.ts';
import { DATAGRAM_LOOKS, beginFlow } from '../../../../src/roles/censor/state/begin-flow.ts';
import { Flow } from '../../../../src/roles/censor/state/flow.ts';
import { compileRule } from '../../../../src/roles/censor/match/rule.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { DROP, RESET, V4, datagram, handshake, query, rule, sniRule, text } from '../playbook.ts';

function begin(rules: readonly CensorRule[], packet: Uint8Array, isForward = true): Flow {
  const view = new PacketView();
  view.load(packet, 0, packet.length);
  const flow = new Flow(1, 4, view.protocol, [0, 0, 0, 1], [0, 0, 0, 2], 1, 2, rules.length, 0);
  beginFlow(
    flow,
    rules.map((one, index) => compileRule(one, index, 1)),
    view,
    isForward,
  );
  return flow;
}

const [SYN = text(''), SYN_ACK = text('')] = handshake(V4, 1400);
const toServer = rule([{ field: 'ip.dst', prefixes: ['10.0.0.2/32'] }], DROP);

describe('roles/censor/begin-flow', () => {
  it('beginFlow() sorts rules by the direction that they can match', () => {
    for (const [packet, isForward] of [
      [SYN, true],
      [SYN_ACK, false],
    ] as const) {
      const flow = begin([toServer, sniRule(RESET)], packet, isForward);
      expect(flow.forwardRules.map(({ index }) => index)).to.deep.equal([0, 1]);
      expect(flow.reverseRules).to.have.length(0);
      expect(flow.stream?.next).to.equal(1001);
    }
  });

  it('beginFlow() reads the client’s SYN', () => {
    expect(begin([], SYN)).to.include({
      initialSequence: 1000,
      maximumSegment: 1400,
      stream: null,
    });
    expect(begin([], SYN_ACK, false)).to.include({ initialSequence: -1, maximumSegment: 0 });
  });

  it('beginFlow() looks at datagrams only where a rule asks about DNS', () => {
    const names = rule([{ field: 'dns.qname', names: ['*'] }], DROP);
    expect(begin([names], datagram(V4, query('a'))).datagramLooks).to.equal(DATAGRAM_LOOKS);
    expect(begin([toServer], datagram(V4, query('a'))).datagramLooks).to.equal(0);
  });
});
