import { expect } from 'chai';
import { Delayer } from '../../../../src/roles/censor/act/delayer.ts';
import { Lane } from '../../../../src/roles/censor/act/lane.ts';
import { Loser } from '../../../../src/roles/censor/act/loser.ts';
import { REFUSED } from '../../../../src/roles/censor/act/step.ts';
import { since } from '../../../../src/roles/censor/act/term.ts';
import { seededRandom } from '../../../../src/base/random.ts';

const delayer = (low: number, high: number): Delayer =>
  new Delayer({ by: [low, high] }, seededRandom(1));

describe('roles/censor/lane', () => {
  it('admit() holds a packet that could overtake one whose emission may be late', () => {
    const lane = new Lane();
    lane.addOnce(delayer(1, 1));
    expect(lane.admit(100, 0)).to.equal(1000);
    expect(lane.admit(100, 500)).to.equal(1000);
    expect(lane.admit(100, 2000)).to.equal(2001);
    expect(lane.admit(100, 30_000)).to.equal(30_000);
  });

  it('admit() lets a step act only within its term', () => {
    const lane = new Lane();
    lane.add(new Loser({ share: 1 }, seededRandom(1)), { from: 10, until: 20 });
    expect([9, 10, 20, 21].map((now) => lane.admit(100, now))).to.deep.equal([
      9,
      REFUSED,
      REFUSED,
      21,
    ]);
  });

  it('admit() keeps the order of packets that are delayed by different times', () => {
    const lane = new Lane();
    lane.add(delayer(0, 100), since(0));
    const times = Array.from({ length: 200 }, (_, index) => lane.admit(100, index * 1000));
    expect(times).to.deep.equal([...times].sort((left, right) => left - right));
    expect(times.every((at, index) => at >= index * 1000 && at <= index * 1000 + 100_000)).to.equal(
      true,
    );
  });

  it('forgetOnce() spares the packets that follow', () => {
    const lane = new Lane();
    lane.addOnce(new Loser({ share: 1 }, seededRandom(1)));
    lane.forgetOnce();
    expect(lane.admit(100, 5)).to.equal(5);
  });
});
