import { expect } from 'chai';
import { isMoment } from '../../../src/agent/container/copies.ts';

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
