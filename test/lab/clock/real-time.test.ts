import { type Clocks, openRealTime } from '../../../src/lab/clock/real-time.ts';
import { clockMicros } from '../../../src/kernel/waiter.ts';
import { expect } from 'chai';
import fc from 'fast-check';

/** Two clocks of a machine on paper, each reading of which takes `cost` milliseconds. */
class Machine implements Clocks {
  /** Milliseconds: the truth, and what the fine clock has more. */
  time: number;
  readonly #cost: number;
  readonly #slew: number;
  readonly #begun: number;

  constructor(time: number, cost: number, slew = 0) {
    this.time = time;
    this.#begun = time;
    this.#cost = cost;
    this.#slew = slew;
  }

  readonly coarse = (): number => Math.floor((this.time += this.#cost));
  readonly fine = (): number => {
    this.time += this.#cost;
    return (this.time - this.#begun) * (1 + this.#slew);
  };
}

describe('openRealTime()', () => {
  it('bounds the time to a few microseconds, whatever the phase, the speed and the slew', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e6, max: 1e6 + 1, noNaN: true }),
        fc.double({ min: 1e-5, max: 1e-3, noNaN: true }),
        fc.double({ min: -4e-4, max: 4e-4, noNaN: true }),
        fc.array(fc.double({ min: 0, max: 2000, noNaN: true }), { minLength: 1, maxLength: 5 }),
        (start, cost, slew, pauses) => {
          const machine = new Machine(start, cost, slew);
          const realTime = openRealTime(machine);
          for (const pause of pauses) {
            machine.time += pause;
            const asked = machine.time;
            const { earliest, latest } = realTime.now();
            expect(earliest).to.be.within(asked * 1000 - 11, machine.time * 1000);
            expect(latest).to.be.within(
              machine.time * 1000 - cost * 1000,
              machine.time * 1000 + 11,
            );
            expect(latest - earliest).to.be.at.most(10.001);
          }
        },
      ),
    );
  });

  it('follows a clock that is set', () => {
    const machine = new Machine(1e6, 1e-4);
    let set = 0;
    const realTime = openRealTime({ coarse: () => machine.coarse() + set, fine: machine.fine });
    realTime.now();
    for (const step of [-5000, 7000]) {
      set += step;
      const { earliest, latest } = realTime.now();
      const truth = (machine.time + set) * 1000;
      expect(earliest).to.be.within(truth - 20, truth + 1);
      expect(latest).to.be.within(truth - 1, truth + 20);
    }
  });

  it('reads the clock that packets are stamped with', () => {
    const realTime = openRealTime();
    for (let round = 0; round < 50; round += 1) {
      const { earliest } = realTime.now();
      const stamp = clockMicros();
      const { latest } = realTime.now();
      // What a stamp and a millisecond are cut to.
      expect(stamp).to.be.within(earliest - 2, latest + 2);
    }
  });
});
