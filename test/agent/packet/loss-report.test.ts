import { expect } from 'chai';
import { lossCounter } from '../../../src/agent/packet/loss-report.ts';

describe('agent/packet/loss-report', () => {
  it('report() tells growth alone', () => {
    const told: number[] = [];
    let total = 0;
    const counter = lossCounter(
      () => total,
      (count) => told.push(count),
    );
    counter.report();
    total = 3;
    counter.report();
    counter.report();
    total = 5;
    counter.report();
    expect(told).to.deep.equal([3, 2]);
  });
});
