import { expect } from 'chai';
import { Fault } from '../../../src/base/fault.ts';
import { MEMO, Play, memo, rule } from './playbook.ts';
import { fault } from './faults/network.ts';

/** A field of it is longer than the message. */
const BROKEN = {
  memo: {
    fields: [
      { name: 'kind', type: { kind: 'uint', bits: 8, enum: 'kinds' } },
      { name: 'wide', type: { kind: 'bytes', size: 60 } },
    ],
  },
} as const;

const drop = rule('drop', { types: ['ASK'] }, [{ kind: 'drop' }]);

describe('roles/relay/create-relay', () => {
  it('setRule() switches a rule for sessions that are open', () => {
    const play = new Play({ rules: [drop] });
    play.hear('client', memo('ASK', 1));
    play.relay.setRule('drop', false);
    play.hear('client', memo('ASK', 2));
    play.relay.setRule('drop', true);
    play.hear('client', memo('ASK', 3));
    expect(play.numbers('server')).to.deep.equal([2]);
  });

  it('setRule() and setFaults() refuse what they do not know', () => {
    const play = new Play({ rules: [drop] });
    expect(() => play.relay.setRule('drp', true)).to.throw(Fault, 'The relay has no rule "drp"');
    const late = fault({ kind: 'latency', latency: 1, jitter: 0 });
    expect(() => play.relay.setFaults([late, late], play.now)).to.throw(
      Fault,
      'Two faults have the name "latency"',
    );
  });

  it('keeps the states of sessions apart, and numbers them', () => {
    const rules = [
      rule('first', { state: 'start' }, [{ kind: 'state', state: 'later' }]),
      rule('later', { state: 'later', sessions: [2] }, [{ kind: 'drop' }]),
    ];
    const play = new Play({ rules });
    const second = play.open(2);
    second.dialled(play.now);
    play.hear('client', memo('ASK', 1), memo('ASK', 2));
    second.received('client', memo('ASK', 3), play.now);
    second.received('client', memo('ASK', 4), play.now);
    expect(play.numbers('server')).to.deep.equal([1, 2, 3]);
    expect(play.relay.statistics()).to.deep.equal({
      rules: { first: 2, later: 1 },
      framingFaults: 0,
      unread: 0,
      overdue: 0,
      fuzzed: 0,
      findings: {},
      messages: { upstream: { in: 4, out: 3 }, downstream: { in: 0, out: 0 } },
    });
  });

  it('counts messages of which a field cannot be read', () => {
    const read = rule('read', { fields: [{ path: 'text', not: false, values: [] }] }, [
      { kind: 'drop' },
    ]);
    const play = new Play({
      rules: [read],
      protocol: { ...MEMO, layouts: BROKEN },
    });
    play.hear('client', memo('ASK', 1));
    expect(play.relay.statistics().unread).to.equal(1);
    expect(play.numbers('server')).to.deep.equal([1]);
  });
});
