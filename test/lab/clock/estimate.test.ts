import { UNKNOWN_CLOCK, estimateClock } from '../../../src/lab/clock/estimate.ts';
import type { ClockSample } from '../../../src/lab/clock/sample.ts';
import { correctTime } from '../../../src/model/machine.ts';
import { expect } from 'chai';
import fc from 'fast-check';

/** When a watch begins: microseconds since the epoch, on the controller's clock. */
const START = 1_790_000_000_000_000;

/** An exchange: microseconds since START, and how long question and answer were on their way. */
interface Exchange {
  readonly at: number;
  readonly there: number;
  readonly back: number;
}

/** What the machine's clock tells at a moment of the controller's. */
type Clock = (time: number) => number;

const skewed =
  (ahead: number, drift: number): Clock =>
  (time) =>
    time + ahead + ((time - START) / 1e6) * drift;

const sampled = (exchanges: readonly Exchange[], clock: Clock): ClockSample[] =>
  exchanges.map(({ at, there, back }) => ({
    sent: START + at,
    told: clock(START + at + there),
    received: START + at + there + back,
  }));

const delay = fc.double({ min: 5, max: 40_000, noNaN: true });
const exchange = (from: number, to: number): fc.Arbitrary<Exchange> =>
  fc.record({ at: fc.double({ min: from, max: to, noNaN: true }), there: delay, back: delay });

/** Bursts before and after, and exchanges between, over so many seconds. */
const exchangesOver = (seconds: number): fc.Arbitrary<Exchange[]> =>
  fc
    .tuple(
      fc.array(exchange(0, 50_000), { minLength: 4, maxLength: 16 }),
      fc.array(exchange(50_000, seconds * 1e6), { maxLength: 30 }),
      fc.array(exchange(seconds * 1e6, seconds * 1e6 + 50_000), { minLength: 4, maxLength: 16 }),
    )
    .map((parts) => parts.flat().toSorted((left, right) => left.at - right.at));

const run = fc
  .integer({ min: 1, max: 600 })
  .chain((seconds) =>
    fc.record({ seconds: fc.constant(seconds), exchanges: exchangesOver(seconds) }),
  );

/** How far corrected times of the machine are from the controller's, at most, over the run. */
function worst(samples: readonly ClockSample[], clock: Clock, until = 0): [number, number] {
  const record = estimateClock(samples, until);
  const from = samples[0]?.sent ?? 0;
  const to = Math.max(until, samples.at(-1)?.sent ?? 0);
  const misses = Array.from({ length: 101 }, (_, step) => {
    const time = from + ((to - from) * step) / 100;
    return Math.abs(correctTime(record, clock(time)) - time);
  });
  return [Math.max(...misses), record.error];
}

/** A quarter of a microsecond is what a double of today counts in. */
const GRAIN = 0.5;

describe('estimateClock()', () => {
  it('finds the offset of a steady clock within half the shortest round trip', () => {
    const exchanges = [
      { at: 0, there: 900, back: 100 },
      { at: 2000, there: 80, back: 60 },
      { at: 4000, there: 60, back: 4000 },
    ];
    const { offset, drift, error, samples } = estimateClock(
      sampled(exchanges, skewed(3_700_000, 0)),
    );
    expect(offset).to.be.closeTo(-3_700_000, error);
    expect({ drift, samples }).to.deep.equal({ drift: 0, samples: 3 });
    expect(error).to.be.within(60, 75);
  });

  it('tells drift once the span is long enough', () => {
    const burst = (at: number): Exchange[] =>
      [0, 1, 2, 3].map((index) => ({ at: at + index * 1000, there: 50, back: 50 }));
    const clock = skewed(-1_200_000, -40);
    const short = estimateClock(sampled([...burst(0), ...burst(100_000)], clock));
    expect(short).to.include({ drift: 0 });
    const long = estimateClock(sampled([...burst(0), ...burst(60e6)], clock));
    expect(long.drift).to.be.closeTo(40, 2);
    expect(long.error).to.be.below(60);
  });

  it('bounds its error, whatever offset, drift and delays are', () => {
    fc.assert(
      fc.property(
        run,
        fc.double({ min: -1e10, max: 1e10, noNaN: true }),
        fc.double({ min: -450, max: 450, noNaN: true }),
        ({ exchanges }, ahead, drift) => {
          const clock = skewed(ahead, drift);
          const [miss, error] = worst(sampled(exchanges, clock), clock);
          expect(miss).to.be.at.most(error + GRAIN);
          expect(estimateClock(sampled(exchanges, clock))).not.to.have.property('step');
        },
      ),
      { numRuns: 60 },
    );
  });

  it('bounds its error beyond the last exchange as well', () => {
    fc.assert(
      fc.property(
        fc.array(exchange(0, 50_000), { minLength: 1, maxLength: 16 }),
        fc.double({ min: -450, max: 450, noNaN: true }),
        fc.integer({ min: 0, max: 30 }),
        (exchanges, drift, seconds) => {
          const clock = skewed(5000, drift);
          const inOrder = exchanges.toSorted((left, right) => left.at - right.at);
          const [miss, error] = worst(sampled(inOrder, clock), clock, START + seconds * 1e6);
          expect(miss).to.be.at.most(error + GRAIN);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('bounds its error when the drift changes', () => {
    const clock: Clock = (time) => {
      const elapsed = (time - START) / 1e6;
      return time + (elapsed < 10 ? elapsed * 400 : 4000 - (elapsed - 10) * 400);
    };
    const exchanges = Array.from({ length: 21 }, (_, index) => ({
      at: index * 1e6,
      there: 40,
      back: 60,
    }));
    const [miss, error] = worst(sampled(exchanges, clock), clock);
    expect(miss).to.be.within(1000, error);
    expect(error).to.be.below(4000);
  });

  it('detects a clock that was set, and covers both sides of the jump', () => {
    fc.assert(
      fc.property(
        exchangesOver(20),
        fc.double({ min: 1.5e6, max: 18.5e6, noNaN: true }),
        fc.constantFrom(-3.7e6, -2e5, 2e5, 1.2e6),
        (exchanges, when, jump) => {
          const clock: Clock = (time) => time + (time - START < when ? 0 : jump);
          const samples = sampled(exchanges, clock);
          const { step } = estimateClock(samples);
          expect(step).to.be.closeTo(jump, 1e5);
          const [miss, error] = worst(samples, clock);
          expect(miss).to.be.at.most(error);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('knows nothing of a machine that was never asked', () => {
    expect(estimateClock([])).to.equal(UNKNOWN_CLOCK);
  });

  it('takes a thousand exchanges in a moment', () => {
    const exchanges = Array.from({ length: 1000 }, (_, index) => ({
      at: index * 1e6,
      there: 40 + ((index * 7919) % 997),
      back: 60 + ((index * 104_729) % 991),
    }));
    const begun = performance.now();
    const { drift, error } = estimateClock(sampled(exchanges, skewed(10, 12.5)));
    expect(performance.now() - begun).to.be.below(1000);
    expect(drift).to.be.closeTo(-12.5, 0.2);
    expect(error).to.be.below(150);
  });
});
