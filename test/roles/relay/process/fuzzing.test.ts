import { expect } from 'chai';
import type { FuzzSpec } from '../../../../src/model/relay.ts';
import { Fuzzing } from '../../../../src/roles/relay/process/fuzzing.ts';
import { FUZZ } from '../playbook.ts';

const SPEC: FuzzSpec = { ...FUZZ, rate: 0.2, edits: 1 };

const picked = (overrides: Partial<FuzzSpec> = {}, seed = 1, type = 'ASK'): readonly number[] => {
  const fuzzing = new Fuzzing({ ...SPEC, ...overrides }, seed);
  return Array.from({ length: 1000 }, (_, index) => index + 1).filter((message) =>
    fuzzing.picks('C->P', type, 1, message, message),
  );
};

describe('roles/relay/process/fuzzing', () => {
  it('picks() a share of the messages by the seed', () => {
    expect(picked().length).to.be.within(160, 240);
    expect(picked()).to.deep.equal(picked());
    expect(picked({}, 2)).to.not.deep.equal(picked());
    expect(picked({ rate: 1 })).to.have.length(1000);
  });

  it('picks() those of its types and hooks', () => {
    expect(picked({}, 1, 'TELL')).to.deep.equal([]);
    expect(picked({ messages: [] }, 1, 'TELL')).to.deep.equal(picked());
    expect(picked({ at: ['P->S'] })).to.deep.equal([]);
  });

  it('picks() no more than it may', () => {
    expect(picked({ count: 3 })).to.deep.equal(picked().slice(0, 3));
    const fuzzing = new Fuzzing({ ...SPEC, rate: 1, count: 1 }, 1);
    expect(fuzzing.isAt('C->P')).to.equal(true);
    expect(fuzzing.isAt('P->C')).to.equal(false);
    fuzzing.picks('C->P', 'ASK', 1, 1, 1);
    expect(fuzzing.isAt('C->P')).to.equal(false);
  });
});
