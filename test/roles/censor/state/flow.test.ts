import { expect } from 'chai';
import { Flow, isIdle, settle } from '../../../../src/roles/censor/state/flow.ts';
import { ClientStream } from '../../../../src/roles/censor/inspect/client-stream.ts';
import { RuleBook } from '../../../../src/roles/censor/match/rule-book.ts';
import { DEFAULT_CENSOR, DEFAULT_REASSEMBLY } from '../../../../src/model/censor-defaults.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { DROP, V6, clientData, sniRule, text } from '../playbook.ts';

const make = (server: readonly [number, number, number, number]): Flow =>
  new Flow(1, 6, 6, [1, 2, 3, 4], server, 40_000, 443, 0);

describe('roles/censor/flow', () => {
  it('addressKey tells flows of other ends apart', () => {
    expect(make([5, 6, 7, 8]).addressKey).to.equal(make([5, 6, 7, 8]).addressKey);
    expect(make([5, 6, 7, 8]).addressKey).not.to.equal(make([5, 6, 7, 9]).addressKey);
  });

  it('isIdle() is true when nothing is decided and no rule is left', () => {
    const flow = make([5, 6, 7, 8]);
    expect(isIdle(flow)).to.equal(true);
    const view = new PacketView();
    const packet = clientData(V6, text('x'));
    view.load(packet, 0, packet.length);
    const book = new RuleBook({ ...DEFAULT_CENSOR, rules: [sniRule(DROP)] }, 1, view, null);
    flow.forwardRules = book.forwardRules(view);
    expect(isIdle(flow)).to.equal(false);
    settle(flow);
    expect(isIdle(flow)).to.equal(true);
    const [rule] = book.rules;
    if (rule === undefined) throw new Error('the book has a rule');
    flow.standing = { rule, from: 0, parts: [] };
    expect(isIdle(flow)).to.equal(false);
  });

  it('forward starts behind the SYN, if that was seen', () => {
    const flow = make([5, 6, 7, 8]);
    flow.initialSequence = 0xffff_ffff;
    expect(flow.forward).to.include({ isKnown: true, next: 0 });
    expect(make([5, 6, 7, 8]).forward.isKnown).to.equal(false);
  });

  it('settle() ends inspection and following', () => {
    const flow = make([5, 6, 7, 8]);
    flow.stream = new ClientStream(1, DEFAULT_REASSEMBLY);
    flow.forward.advance(1, 2);
    settle(flow);
    expect(flow).to.include({ settled: true, stream: null });
    expect(flow.forward.isKnown).to.equal(false);
  });
});
