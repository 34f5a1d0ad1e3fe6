import { expect } from 'chai';
import type { RelayMatch } from '../../../../src/model/relay.ts';
import { compileRule } from '../../../../src/roles/relay/rules/compiled-rule.ts';
import { Judge } from '../../../../src/roles/relay/rules/judge.ts';
import { compileProtocol } from '../../../../src/wire/protocol/compile-protocol.ts';
import { MEMO, memo, rule } from '../playbook.ts';

const protocol = compileProtocol(MEMO);
const isEven: RelayMatch['fields'][number] = {
  path: 'number',
  not: false,
  values: [2, 4, 6, 8, 10].map((number) => ({ kind: 'number', low: number, high: number })),
};

/** Which of the messages 1 to `count` a session meets. */
function met(
  match: Partial<RelayMatch>,
  { count = 10, session = 1, state = 'start', seed = 1 } = {},
): readonly number[] {
  const judge = new Judge(seed);
  const rules = [compileRule(rule('rule', match, [{ kind: 'drop' }]), 0)];
  return Array.from({ length: count }, (_, index) => index + 1).filter(
    (message) =>
      judge.met(rules, {
        ...{ session, state, message },
        miss: () => undefined,
        isAskedOnce: false,
        read: () => protocol.read(memo('ASK', message), 'client'),
      }).length > 0,
  );
}

describe('roles/relay/rules/judge', () => {
  it('met() counts messages that match', () => {
    expect(met({ fields: [isEven] })).to.deep.equal([2, 4, 6, 8, 10]);
    expect(met({ fields: [isEven], nth: { kind: 'every', every: 2, from: 0 } })).to.deep.equal([
      4, 8,
    ]);
    expect(met({ nth: { kind: 'at', numbers: [3] } })).to.deep.equal([3]);
  });

  it('met() asks for the session and its state', () => {
    expect(met({ sessions: [2, 3] }, { count: 1 })).to.deep.equal([]);
    expect(met({ sessions: [2, 3] }, { count: 1, session: 3 })).to.deep.equal([1]);
    expect(met({ state: 'asked' }, { count: 1 })).to.deep.equal([]);
    expect(met({ state: 'asked' }, { count: 1, state: 'asked' })).to.deep.equal([1]);
  });

  it('met() draws by the seed, of each session and message by itself', () => {
    const match = { probability: 0.25 };
    const drawn = met(match, { count: 2000 });
    expect(drawn.length).to.be.within(440, 560);
    expect(met(match, { count: 2000 })).to.deep.equal(drawn);
    expect(met(match, { count: 1000 })).to.deep.equal(drawn.filter((message) => message <= 1000));
    expect(met(match, { count: 2000, session: 2 })).to.not.deep.equal(drawn);
    expect(met(match, { count: 2000, seed: 2 })).to.not.deep.equal(drawn);
    expect(met({ probability: 0 })).to.deep.equal([]);
  });

  it('met() reads no message where no rule asks for fields', () => {
    const rules = [compileRule(rule('rule', {}, [{ kind: 'drop' }]), 0)];
    const occasion = {
      ...{ session: 1, state: 'start', message: 1 },
      read: () => expect.fail('it was read'),
      miss: () => undefined,
      isAskedOnce: false,
    };
    expect(new Judge(1).met(rules, occasion)).to.deep.equal(rules);
  });
});
