import { expect } from 'chai';
import fc from 'fast-check';
import { planProbes } from '../../../../src/agent/packet/measure/probe-plan.ts';
import type { Impairment } from '../../../../src/model/plan.ts';

export const PLAIN: Impairment = {
  delay: 0,
  jitter: 0,
  lossRatio: 0,
  duplicateRatio: 0,
  reorderRatio: 0,
  corruptRatio: 0,
  rate: null,
  queue: 100_000,
};

describe('agent/packet/measure/probe-plan', () => {
  for (const [what, impairment, probes, burst] of [
    ['a delay', { delay: 20 }, 15, 0],
    ['jitter', { delay: 20, jitter: 2 }, 200, 0],
    ['a loss of 1 %', { lossRatio: 0.01 }, 2000, 0],
    ['a loss of 10 %', { lossRatio: 0.1 }, 300, 0],
    ['100 Mbit/s', { rate: 100e6, queue: 1e6 }, 15, 124],
    ['64 kbit/s', { rate: 64e3 }, 13, 8],
  ] as const)
    it(`planProbes() sends enough for ${what}`, () => {
      const plan = planProbes({ ...PLAIN, ...impairment }, 1500);
      expect([plan.probes, plan.burst]).to.deep.equal([probes, burst]);
    });

  it('planProbes() lengthens the burst with patience, within half of the queue', () => {
    const burst = (queue: number): number =>
      planProbes({ ...PLAIN, rate: 100e6, queue }, 1500, 3).burst;
    expect(burst(2e6)).to.equal(372);
    expect(burst(400_000)).to.equal(132);
  });

  it('planProbes() stays within 100 ms of short frames and about as much of long ones, whatever the link', () => {
    const ratio = fc.double({ min: 0, max: 1, noNaN: true });
    const impairments = fc.record({
      delay: fc.constant(0),
      jitter: fc.constantFrom(0, 5),
      lossRatio: ratio,
      duplicateRatio: ratio,
      reorderRatio: ratio,
      corruptRatio: ratio,
      rate: fc.option(fc.integer({ min: 64_000, max: 1e10 })),
      queue: fc.integer({ min: 1500, max: 1e7 }),
    });
    fc.assert(
      fc.property(impairments, fc.integer({ min: 576, max: 9000 }), (impairment, mtu) => {
        const plan = planProbes(impairment, mtu);
        expect(plan.probes).to.be.within(3, 2000);
        if (plan.probes > 3) expect(plan.probes / plan.perMilli).to.be.at.most(101);
        if (impairment.rate === null) return;
        expect(plan.burstBytes).to.be.within(60, mtu + 14);
        expect((plan.burst * plan.burstBytes * 8000) / impairment.rate).to.be.at.most(110);
      }),
    );
  });
});
