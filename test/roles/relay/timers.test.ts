import { expect } from 'chai';
import { seededRandom } from '../../../src/base/random.ts';
import { Timers } from '../../../src/roles/relay/timers.ts';

describe('roles/relay/timers', () => {
  it('run() does what is due in the order of times, and of what was set for the same', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const random = seededRandom(seed);
      const timers = new Timers();
      const set = Array.from({ length: 60 }, (_, order) => ({ at: random.below(20), order }));
      const done: { readonly at: number; readonly order: number }[] = [];
      for (const timer of set) timers.set(timer.at, () => done.push(timer));
      for (let now = 0; now <= 20; now += 1) timers.run(now);
      expect(done).to.deep.equal(
        set.toSorted((left, right) => left.at - right.at || left.order - right.order),
      );
      expect(timers.nextDue).to.equal(Infinity);
    }
  });

  it('run() leaves what is not due, and does what is set while it runs', () => {
    const timers = new Timers();
    const done: string[] = [];
    timers.set(5, (now) => {
      done.push(`first ${now}`);
      timers.set(6, (then) => done.push(`second ${then}`));
      timers.set(8, () => done.push('third'));
    });
    expect(timers.nextDue).to.equal(5);
    timers.run(4);
    expect(done).to.deep.equal([]);
    timers.run(7);
    expect(done).to.deep.equal(['first 7', 'second 7']);
    expect(timers.nextDue).to.equal(8);
  });
});
