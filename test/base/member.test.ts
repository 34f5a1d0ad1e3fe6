import { expect } from 'chai';
import { member } from '../../src/base/member.ts';

describe('member()', () => {
  it('gives a member of what has one', () => {
    expect(member({ name: 'web' }, 'name')).to.equal('web');
    expect(member(['a'], 'length')).to.equal(1);
  });

  for (const value of [undefined, null, 7, 'text'])
    it(`gives nothing of ${String(value)}`, () =>
      expect(member(value, 'length')).to.equal(undefined));
});
