import { expect } from 'chai';
import fc from 'fast-check';
import { seededRandom } from '../../../src/base/random.ts';
import type { Impairment } from '../../../src/model/plan.ts';
import { Impairer } from '../../../src/roles/impair/impairer.ts';

const PLAIN: Impairment = {
  delay: 0,
  jitter: 0,
  lossRatio: 0,
  duplicateRatio: 0,
  reorderRatio: 0,
  corruptRatio: 0,
  rate: null,
  queue: 100_000,
};
const NOW = 1_800_000_000_000_000;
const create = (spec: Partial<Impairment>, seed = 1): Impairer =>
  new Impairer({ ...PLAIN, ...spec }, seededRandom(seed));

/** Delays in milliseconds of `count` frames that come one a millisecond. */
function delaysOf(impairer: Impairer, count: number, length = 100): number[] {
  const delays: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const now = NOW + index * 1000;
    for (let copy = impairer.admit(length, now) - 1; copy >= 0; copy -= 1)
      delays.push(((impairer.departures[copy] ?? 0) - now) / 1000);
  }
  return delays;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: readonly number[]): number =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));

describe('roles/impair/impairer', () => {
  it('admit() lets a frame pass at once where nothing is asked for', () => {
    const impairer = create({});
    expect(impairer.admit(1514, NOW)).to.equal(1);
    expect(impairer.departures[0]).to.equal(NOW);
    expect(impairer.flips[0]).to.equal(-1);
  });

  it('admit() delays by milliseconds', () => {
    expect(new Set(delaysOf(create({ delay: 20 }), 50))).to.deep.equal(new Set([20]));
  });

  it('admit() spreads delays normally around the mean, and never below zero', () => {
    const delays = delaysOf(create({ delay: 50, jitter: 5 }), 20_000);
    expect(mean(delays)).to.be.closeTo(50, 0.2);
    expect(deviation(delays)).to.be.closeTo(5, 0.15);
    const cut = delaysOf(create({ delay: 1, jitter: 5 }), 5000);
    expect(Math.min(...cut)).to.equal(0);
  });

  for (const [field, ratio] of [
    ['lossRatio', 0.1],
    ['duplicateRatio', 0.2],
  ] as const)
    it(`admit() keeps to ${field}`, () => {
      const frames = 20_000;
      const leaving = delaysOf(create({ [field]: ratio }), frames).length;
      const expected = frames * (field === 'lossRatio' ? 1 - ratio : 1 + ratio);
      expect(leaving).to.be.closeTo(expected, 4 * Math.sqrt(frames * ratio * (1 - ratio)));
    });

  it('admit() sends the reordered share at once, ahead of the delayed ones', () => {
    const delays = delaysOf(create({ delay: 10, reorderRatio: 0.25 }), 20_000);
    expect(new Set(delays)).to.deep.equal(new Set([0, 10]));
    expect(delays.filter((delay) => delay === 0).length / delays.length).to.be.closeTo(0.25, 0.02);
  });

  it('admit() names a bit within the frame to flip', () => {
    const impairer = create({ corruptRatio: 1 });
    for (let count = 0; count < 200; count += 1) {
      impairer.admit(60, NOW);
      expect(impairer.flips[0]).to.be.within(0, 60 * 8 - 1);
    }
  });

  it('admit() serialises frames at the rate, one after the other', () => {
    // 1,000 bytes at 8 Mbit/s last 1 ms.
    const impairer = create({ rate: 8e6 });
    const departures = [0, 1, 2].map(() => {
      impairer.admit(1000, NOW);
      return (impairer.departures[0] ?? 0) - NOW;
    });
    expect(departures).to.deep.equal([1000, 2000, 3000]);
    impairer.admit(1000, NOW + 10_000);
    expect(impairer.departures[0]).to.equal(NOW + 11_000);
  });

  it('admit() drops what exceeds the queue before the rate, and counts it', () => {
    const impairer = create({ rate: 8e6, queue: 3000 });
    const leaving = Array.from({ length: 10 }, () => impairer.admit(1000, NOW));
    expect(leaving).to.deep.equal([1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
    expect(impairer.overflowed).to.equal(7);
    expect(impairer.admit(1000, NOW + 1000)).to.equal(1);
  });

  it('admit() lets a frame larger than the queue pass a free wire', () => {
    expect(create({ rate: 1e6, queue: 100 }).admit(1500, NOW)).to.equal(1);
  });

  it('admit() never lets a frame leave before it came, and the same seed decides the same', () => {
    const spec = fc.record({
      delay: fc.double({ min: 0, max: 100, noNaN: true }),
      jitter: fc.double({ min: 0, max: 50, noNaN: true }),
      lossRatio: fc.double({ min: 0, max: 1, noNaN: true }),
      duplicateRatio: fc.double({ min: 0, max: 1, noNaN: true }),
      reorderRatio: fc.double({ min: 0, max: 1, noNaN: true }),
      corruptRatio: fc.double({ min: 0, max: 1, noNaN: true }),
      rate: fc.option(fc.integer({ min: 8000, max: 1e9 })),
      queue: fc.integer({ min: 0, max: 100_000 }),
    });
    fc.assert(
      fc.property(spec, fc.integer(), fc.array(fc.nat(1500)), (impairment, seed, lengths) => {
        const [left, right] = [create(impairment, seed), create(impairment, seed)];
        for (const [index, length] of lengths.entries()) {
          const now = NOW + index * 100;
          const copies = left.admit(length + 60, now);
          expect(right.admit(length + 60, now)).to.equal(copies);
          expect(copies).to.be.within(0, 2);
          for (let copy = 0; copy < copies; copy += 1) {
            expect(left.departures[copy]).to.be.at.least(now);
            expect(right.departures[copy]).to.equal(left.departures[copy]);
          }
        }
      }),
    );
  });
});
