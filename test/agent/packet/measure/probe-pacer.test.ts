import { expect } from 'chai';
import fc from 'fast-check';
import { MOST_AT_ONCE, ProbePacer } from '../../../../src/agent/packet/measure/probe-pacer.ts';

describe('agent/packet/measure/probe-pacer', () => {
  it('take() keeps the pace, and makes up for a timer that fires a little late', () => {
    const pacer = new ProbePacer({ probes: 50, perMilli: 2 }, 1000);
    const turns = [1000, 1001, 1011, 1012, 1100].map((now) => pacer.take(now));
    expect(turns).to.deep.equal([1, 2, 20, 2, 25]);
    expect(pacer.isDone).to.equal(true);
  });

  it('take() moves later frames rather than send hundreds at once', () => {
    const pacer = new ProbePacer({ probes: 2000, perMilli: 20 }, 0);
    expect([0, 90, 91, 92].map((now) => pacer.take(now))).to.deep.equal([1, MOST_AT_ONCE, 20, 20]);
  });

  it('take() sends every frame once, whatever the clock does', () => {
    const steps = fc.array(fc.double({ min: 0, max: 500, noNaN: true }), { maxLength: 50 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 1, max: 32 }),
        steps,
        (...given) => {
          const [probes, perMilli, waits] = given;
          const pacer = new ProbePacer({ probes, perMilli }, 0);
          let now = 0;
          let sent = 0;
          const turn = (wait: number): void => {
            now += wait;
            const count = pacer.take(now);
            expect(count).to.be.within(0, MOST_AT_ONCE);
            sent += count;
          };
          waits.forEach(turn);
          for (let turns = 0; !pacer.isDone && turns <= 2 * probes; turns += 1) turn(1);
          expect(sent).to.equal(probes);
        },
      ),
    );
  });
});
