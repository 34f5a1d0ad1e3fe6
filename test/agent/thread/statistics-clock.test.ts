import { expect } from 'chai';
import { StatisticsClock } from '../../../src/agent/thread/statistics-clock.ts';

describe('StatisticsClock', () => {
  it('tells counters once a second while they change, and at the end', () => {
    const told: number[] = [];
    let count = 0;
    const clock = new StatisticsClock(
      () => count,
      ({ statistics }) => void told.push(statistics),
    );
    for (const [now, value] of [
      [1e6, 1],
      [1.5e6, 2],
      [2e6, 3],
      [3e6, 3],
    ] as const) {
      count = value;
      clock.turn(now);
    }
    expect(told).to.deep.equal([1, 3]);
    count = 4;
    clock.end();
    expect(told).to.deep.equal([1, 3, 4]);
  });
});
