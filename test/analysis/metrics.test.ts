import { expect } from 'chai';
import { analyse } from '../../src/analysis/analyse.ts';
import { combineMetrics, median } from '../../src/analysis/metrics.ts';
import { EPOCH, Tape } from './support/tape.ts';

describe('median()', () => {
  it('is the middle, or the mean of the two in the middle', () => {
    expect(median([])).to.equal(null);
    expect(median([3])).to.equal(3);
    expect(median([9, 1, 4])).to.equal(4);
    expect(median([9, 1, 4, 2])).to.equal(3);
  });
});

describe('measureAttempt()', () => {
  it('measures round trip, goodput and retransmissions of a download', () => {
    const tape = new Tape();
    tape.handshake();
    const data = new Uint8Array(1000);
    for (const [index, sequence] of [5001, 6001, 7001, 6001].entries())
      tape.pass(100 + index * 10, { forward: false, sequence, payload: data });
    const seen = tape.observation({ received: 3000, end: EPOCH + 250_000 });
    const { metrics } = analyse(tape.evidence(seen))[0]!;
    expect(metrics.duration).to.equal(250);
    expect(metrics.rtt).to.be.closeTo(50.3, 0.01);
    // 2000 bytes after the first segment, in 30 ms.
    expect(metrics.goodput).to.be.closeTo((2000 * 8) / 0.03, 1);
    expect(metrics).to.include({ received: 3000, retransmissions: 1 });
  });

  it('takes no round trip from a SYN that was sent twice', () => {
    const tape = new Tape();
    tape.pass(0, { forward: true, flags: ['SYN'], sequence: 1000 });
    tape.pass(10, { forward: true, flags: ['SYN'], sequence: 1000 });
    tape.pass(36, { forward: false, flags: ['SYN', 'ACK'], sequence: 5000, acknowledgment: 1001 });
    expect(analyse(tape.evidence(tape.observation()))[0]!.metrics.rtt).to.equal(null);
  });
});

describe('combineMetrics()', () => {
  it('takes medians over attempts, and sums of bytes', () => {
    const one = { duration: 1, rtts: [10], goodputs: [], received: 5, retransmissions: 1 };
    const two = { duration: 3, rtts: [20], goodputs: [8], received: 6, retransmissions: 2 };
    expect(combineMetrics([one, two])).to.deep.equal({
      duration: 2,
      rtt: 15,
      goodput: 8,
      received: 11,
      retransmissions: 3,
    });
  });
});
