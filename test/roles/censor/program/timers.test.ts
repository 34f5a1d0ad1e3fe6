import { expect } from 'chai';
import { Timers } from '../../../../src/roles/censor/program/timers.ts';

describe('Timers', () => {
  it('gives those that are due, in their order, once', () => {
    const timers = new Timers();
    timers.set('late', 30);
    timers.set('first', 10);
    timers.set('second', 20);
    expect(timers.nextDue).to.equal(10);
    expect(timers.take(20)).to.deep.equal(['first', 'second']);
    expect(timers.take(20)).to.deep.equal([]);
    expect(timers.nextDue).to.equal(30);
  });

  it('starts one anew that runs, and none beyond its limit', () => {
    const timers = new Timers();
    for (let index = 0; index < 256; index += 1) expect(timers.set(`t${index}`, 5)).to.equal(true);
    expect(timers.set('one more', 5)).to.equal(false);
    expect(timers.set('t0', 50)).to.equal(true);
    expect(timers.take(5)).to.have.length(255);
    timers.clear();
    expect(timers.nextDue).to.equal(Infinity);
  });
});
