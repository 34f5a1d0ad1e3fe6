import { expect } from 'chai';
import { RetransmissionTimer } from '../../../../src/roles/endpoint/tcp/retransmission-timer.ts';
import { DEFAULT_TCP_SETTINGS } from '../../../../src/roles/endpoint/tcp/settings.ts';

describe('roles/endpoint/tcp/retransmission-timer', () => {
  it('sample() follows RFC 6298: R + 4 (R/2), then both smoothed', () => {
    const timer = new RetransmissionTimer(DEFAULT_TCP_SETTINGS);
    expect(timer.timeout).to.equal(1_000_000);
    timer.sample(400_000);
    expect(timer.timeout).to.equal(1_200_000);
    timer.sample(480_000);
    // RTTVAR = 3/4 * 200000 + 1/4 * 80000, SRTT = 7/8 * 400000 + 1/8 * 480000.
    expect(timer.timeout).to.equal(410_000 + 4 * 170_000);
  });

  it('timeout stays within its bounds', () => {
    const timer = new RetransmissionTimer(DEFAULT_TCP_SETTINGS);
    timer.sample(10);
    expect(timer.timeout).to.equal(200_000);
    timer.sample(1e9);
    expect(timer.timeout).to.equal(60_000_000);
  });

  it('backOff() doubles until progress()', () => {
    const timer = new RetransmissionTimer(DEFAULT_TCP_SETTINGS);
    timer.start(0);
    expect(timer.due).to.equal(1_000_000);
    timer.backOff(1_000_000);
    timer.backOff(3_000_000);
    expect(timer).to.include({ due: 7_000_000, expirations: 2 });
    for (let count = 0; count < 10; count += 1) timer.backOff(0);
    expect(timer.due).to.equal(60_000_000);
    timer.progress();
    timer.start(0);
    expect(timer.due).to.equal(1_000_000);
    timer.stop();
    expect(timer.due).to.equal(Infinity);
  });
});
