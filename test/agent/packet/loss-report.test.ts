import { expect } from 'chai';
import { lossCounter } from '../../../src/agent/packet/loss-report.ts';

describe('agent/packet/loss-report', () => {
  it('report() tells growth alone', () => {
    const told: string[] = [];
    let total = 0;
    const counter = lossCounter(
      () => total,
      'frames lost',
      (line) => told.push(line),
    );
    counter.report();
    total = 3;
    counter.report();
    counter.report();
    total = 5;
    counter.report();
    expect(told).to.deep.equal(['3 frames lost', '2 frames lost']);
  });
});
