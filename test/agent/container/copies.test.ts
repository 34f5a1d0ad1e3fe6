import { expect } from 'chai';
import { isMoment, someOf } from '../../../src/agent/container/copies.ts';

describe('isMoment()', () => {
  it('tells moments apart', () => {
    expect(isMoment({ when: 'end' }, { when: 'end' })).to.equal(true);
    expect(isMoment({ when: 'end' }, { when: 'stopped' })).to.equal(false);
  });
  it('tells flows apart', () => {
    expect(isMoment({ when: 'after', flow: 'a' }, { when: 'after', flow: 'a' })).to.equal(true);
    expect(isMoment({ when: 'after', flow: 'a' }, { when: 'after', flow: 'b' })).to.equal(false);
  });
});

describe('someOf()', () => {
  it('names the first, and counts the rest', () => {
    expect(someOf(['a', 'b'])).to.equal('a; b');
    expect(someOf(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).to.equal('a; b; c; d; e; 2 more');
  });
});
