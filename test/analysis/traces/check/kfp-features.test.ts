import { expect } from 'chai';
import fc from 'fast-check';
import { kfpFeatures } from '../../../../src/analysis/traces/check/kfp-features.ts';
import { traceOf } from '../made-traces.ts';

describe('analysis/traces/check/kfp-features', () => {
  it('kfpFeatures() counts packets, ends and bytes', () => {
    const features = kfpFeatures(traceOf([100, -1000, -1000, 50]));
    expect(features.slice(0, 12)).to.deep.equal([
      ...[2, 2, 4, 0.5, 0.5, 150, 2000, 2150],
      ...[2, 2, 2, 2],
    ]);
  });

  it('kfpFeatures() counts what leaves in each 20 packets, and per second', () => {
    const sizes = Array.from({ length: 40 }, (_, index) => (index < 20 ? 1 : -1));
    const features = kfpFeatures(traceOf(sizes, { step: 100_000 }));
    // Mean, deviation, median, smallest, largest.
    expect(features.slice(12, 17)).to.deep.equal([10, 10, 10, 0, 20]);
    expect(features.slice(37, 42)).to.deep.equal([10, 0, 10, 10, 10]);
  });

  it('kfpFeatures() gives as many numbers of any trace, none of which is missing', () => {
    const sizes = fc.array(fc.integer({ min: -1500, max: 1500 }), { maxLength: 300 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 1e6 }), (packets, step) => {
        const features = kfpFeatures(traceOf(packets, { step }));
        expect(features).to.have.lengthOf(99);
        expect(features.every(Number.isFinite)).to.equal(true);
      }),
    );
  });
});
