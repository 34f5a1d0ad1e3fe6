import type { RealTime } from '../../../src/lab/clock/real-time.ts';
import { correctTime } from '../../../src/model/machine.ts';
import { expect } from 'chai';
import { openRealTime } from '../../../src/lab/clock/real-time.ts';
import { watchClock } from '../../../src/lab/clock/watch-clock.ts';

const realTime: RealTime = openRealTime();
const micros = (): number => realTime.now().latest;

/** A machine whose clock is ahead by this many microseconds, and the exchanges it had. */
function machine(ahead: number): {
  ask: () => Promise<{ time: number }>;
  asked: () => number;
  set: (to: number) => void;
} {
  let asked = 0;
  let is = ahead;
  return {
    asked: () => asked,
    set: (to) => (is = to),
    ask: async () => {
      asked += 1;
      await new Promise(setImmediate);
      return { time: micros() + is };
    },
  };
}

/** Waits until something is so; fails after two seconds. */
async function until(isSo: () => boolean): Promise<void> {
  const limit = performance.now() + 2000;
  while (!isSo()) {
    if (performance.now() > limit) throw new Error('it did not come to be');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

describe('watchClock()', () => {
  it('knows nothing before it has asked', () => {
    const watch = watchClock(machine(0).ask);
    expect(watch.record()).to.include({ samples: 0, error: Number.MAX_SAFE_INTEGER });
    expect(watch.warnings()).to.deep.equal([]);
  });

  it('measures before, during and after', async () => {
    const far = machine(2_500_000);
    const watch = watchClock(far.ask, { interval: 5 });
    await watch.before();
    const first = watch.record();
    expect(first.samples).to.be.within(8, 16);
    expect(first.offset).to.be.closeTo(-2_500_000, first.error);
    watch.start();
    watch.start();
    await until(() => far.asked() >= first.samples + 3);
    watch.stop();
    await watch.after();
    const record = watch.record();
    expect(record.samples).to.be.above(first.samples + 8);
    expect(record.error).to.be.below(first.error);
    const time = micros();
    expect(correctTime(record, time + 2_500_000)).to.be.closeTo(time, record.error + 10);
  });

  it('is done within 50 ms when the machine answers at once', async () => {
    const watch = watchClock(machine(0).ask);
    await watch.before();
    const begun = performance.now();
    await watch.before();
    expect(performance.now() - begun).to.be.below(50);
  });

  it('says that a clock was set', async () => {
    const far = machine(0);
    const watch = watchClock(far.ask);
    await watch.before();
    far.set(1_200_000);
    await watch.after();
    expect(watch.record().step).to.be.closeTo(1_200_000, 5000);
    expect(watch.warnings()).to.deep.equal([
      'Its clock was set while the run went on, by +1.20 s against ours: times across machines are uncertain by as much',
    ]);
  });

  it('outlives a machine that does not answer', async () => {
    const far = machine(0);
    let isGone = false;
    let refused = 0;
    const watch = watchClock(
      () => {
        if (!isGone) return far.ask();
        refused += 1;
        return Promise.reject(new Error('gone'));
      },
      { interval: 2 },
    );
    await watch.before();
    const { samples } = watch.record();
    isGone = true;
    watch.start();
    await until(() => refused >= 2);
    await watch.after();
    expect(watch.record().samples).to.equal(samples);
    let failure: unknown;
    await watch.before().catch((error: unknown) => (failure = error));
    expect(failure).to.be.an('error');
  });

  it('thins the exchanges of a long run', async () => {
    let time = 1e15;
    const instant: RealTime = { now: () => ({ earliest: (time += 20), latest: (time += 20) }) };
    let asked = 0;
    const watch = watchClock(
      () => {
        asked += 1;
        return Promise.resolve({ time });
      },
      { interval: 0, kept: 40, realTime: instant },
    );
    watch.start();
    await until(() => asked >= 70);
    watch.stop();
    expect(watch.record().samples).to.be.within(20, 40);
  });
});
