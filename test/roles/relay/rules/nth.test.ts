import { expect } from 'chai';
import { compileNth } from '../../../../src/roles/relay/rules/nth.ts';

const meant = (nth: Parameters<typeof compileNth>[0]): readonly number[] =>
  Array.from({ length: 10 }, (_, index) => index + 1).filter(compileNth(nth));

describe('roles/relay/rules/nth', () => {
  it('compileNth() of numbers', () => {
    expect(meant({ kind: 'at', numbers: [1, 4] })).to.deep.equal([1, 4]);
  });

  it('compileNth() of every so manieth, from the beginning or later', () => {
    expect(meant({ kind: 'every', every: 3, from: 0 })).to.deep.equal([3, 6, 9]);
    expect(meant({ kind: 'every', every: 2, from: 5 })).to.deep.equal([7, 9]);
    expect(meant({ kind: 'every', every: 1, from: 8 })).to.deep.equal([9, 10]);
  });
});
