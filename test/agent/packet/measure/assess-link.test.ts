import { expect } from 'chai';
import { assessLink, type ProbeRecord } from '../../../../src/agent/packet/measure/assess-link.ts';
import type { Impairment } from '../../../../src/model/plan.ts';

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
const times = (count: number, value: (index: number) => number): number[] =>
  Array.from({ length: count }, (_, index) => value(index));
const record = (rest: Partial<ProbeRecord> = {}, probes = 20): ProbeRecord => ({
  plan: { probes, perMilli: 1, burst: 64, burstBytes: 1250 },
  delays: times(20, () => 10.1),
  duplicates: 0,
  damaged: 0,
  unseen: 0,
  arrivals: [],
  ...rest,
});
/** Frames of 1,250 bytes at 100 Mbit/s come every 100 µs. */
const ARRIVALS = times(64, (index) => 1e15 + index * 100);

describe('agent/packet/measure/assess-link', () => {
  it('assessLink() finds median, deviation, loss and rate', () => {
    const impairment = { ...PLAIN, delay: 10, rate: 100e6 };
    const found = assessLink(impairment, record({ arrivals: ARRIVALS }));
    expect(found.delay).to.equal(10.1);
    expect(found.jitter).to.be.closeTo(0, 1e-9);
    expect(found.lossRatio).to.equal(0);
    expect(found.rate).to.be.closeTo(100e6, 1);
    expect(found.misses).to.deep.equal([]);
  });

  it('assessLink() is not misled by a burst whose first frames pass at once, nor by one stall', () => {
    const bucket = ARRIVALS.map((time, index) => (index < 20 ? 1e15 + 2000 : time));
    const stalled = ARRIVALS.map((time, index) => (index > 40 && index < 48 ? 1e15 + 4800 : time));
    for (const arrivals of [bucket, stalled]) {
      const { rate } = assessLink({ ...PLAIN, delay: 10, rate: 100e6 }, record({ arrivals }));
      expect(rate).to.be.closeTo(100e6, 3e6);
    }
  });

  it('assessLink() grants the delay what the clocks may differ by', () => {
    const late = { ...PLAIN, delay: 5 };
    expect(assessLink(late, record(), 4.6).misses).to.deep.equal([]);
    expect(assessLink(late, record(), 4).misses).to.deep.equal([
      'delay is 10.1 ms, expected 5.00 ms ± 4.60 ms',
    ]);
  });

  for (const [what, impairment, found, misses] of [
    ['a late link', { delay: 5 }, {}, ['delay is 10.1 ms, expected 5.00 ms ± 0.60 ms']],
    [
      'lost frames',
      { delay: 10 },
      { delays: times(15, () => 10) },
      ['loss is 25.00% of 20 frames, expected 0.00% ± 0.00%'],
    ],
    [
      'frames that came twice',
      { delay: 10 },
      { duplicates: 4 },
      ['duplication is 20.00% of 20 frames, expected 0.00% ± 0.00%'],
    ],
    [
      'a slow wire',
      { delay: 10, rate: 200e6 },
      { arrivals: ARRIVALS },
      ['rate is 100 Mbit/s, expected 200 Mbit/s ± 22.7 Mbit/s'],
    ],
    [
      'a burst that did not arrive',
      { delay: 10, rate: 200e6 },
      {},
      ['the rate could not be measured: too few frames arrived'],
    ],
    [
      'nothing at all',
      { delay: 10 },
      { delays: [] },
      ['no frame arrived', 'loss is 100.00% of 20 frames, expected 0.00% ± 0.00%'],
    ],
  ] as const)
    it(`assessLink() says what misses: ${what}`, () => {
      const { misses: told } = assessLink({ ...PLAIN, ...impairment }, record(found));
      expect(told).to.deep.equal(misses);
    });

  it('assessLink() misses jitter once there are frames enough to tell', () => {
    const impairment = { ...PLAIN, delay: 10, jitter: 5 };
    const steady = (count: number): ProbeRecord =>
      record({ delays: times(count, () => 10.1) }, count);
    expect(assessLink(impairment, steady(20)).misses).to.deep.equal([]);
    expect(assessLink(impairment, steady(200)).misses).to.have.length(1);
  });

  it('assessLink() grants chance what chance may do', () => {
    const impairment = { ...PLAIN, delay: 10, lossRatio: 0.1 };
    const lossy = (arrived: number): string[] => [
      ...assessLink(impairment, record({ delays: times(arrived, () => 10) }, 300)).misses,
    ];
    expect(lossy(270)).to.deep.equal([]);
    expect(lossy(255)).to.deep.equal([]);
    expect(lossy(240)).to.deep.equal(['loss is 20.00% of 300 frames, expected 10.00% ± 6.93%']);
  });

  it('assessLink() does not blame the link for frames that its own sockets lost', () => {
    const impairment = { ...PLAIN, delay: 10, lossRatio: 0.1 };
    const delays = times(180, () => 10);
    const found = assessLink(impairment, record({ delays, unseen: 100 }, 300));
    expect(found.lossRatio).to.equal(0.1);
    expect(found.misses).to.deep.equal([]);
    expect(assessLink(impairment, record({ delays }, 300)).misses).to.have.length(1);
  });

  it('assessLink() does not count damaged frames as lost', () => {
    const impairment = { ...PLAIN, delay: 10, corruptRatio: 0.1 };
    const found = assessLink(impairment, record({ delays: times(18, () => 10), damaged: 2 }));
    expect(found.lossRatio).to.equal(0);
    expect(found.misses).to.deep.equal([]);
  });
});
