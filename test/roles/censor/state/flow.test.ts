import { expect } from 'chai';
import { Flow, isIdle, settle } from '../../../../src/roles/censor/state/flow.ts';
import { ClientStream } from '../../../../src/roles/censor/inspect/client-stream.ts';
import { compileRule } from '../../../../src/roles/censor/match/rule.ts';
import { RuleSet } from '../../../../src/roles/censor/match/rule-set.ts';
import { DROP, sniRule } from '../playbook.ts';

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
    flow.forwardRules = new RuleSet([compileRule(sniRule(DROP), 0, 1)], { left: 0 });
    expect(isIdle(flow)).to.equal(false);
    settle(flow);
    expect(isIdle(flow)).to.equal(true);
    flow.standing = { kind: 'drop', forward: true, reverse: true };
    expect(isIdle(flow)).to.equal(false);
  });

  it('settle() ends inspection and following', () => {
    const flow = make([5, 6, 7, 8]);
    flow.stream = new ClientStream(1);
    flow.forward.advance(1, 2);
    settle(flow);
    expect(flow).to.include({ settled: true, stream: null });
    expect(flow.forward.isKnown).to.equal(false);
  });
});
