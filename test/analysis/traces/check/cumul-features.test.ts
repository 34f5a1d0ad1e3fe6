import { expect } from 'chai';
import fc from 'fast-check';
import { cumulFeatures } from '../../../../src/analysis/traces/check/cumul-features.ts';
import { traceOf } from '../made-traces.ts';

describe('analysis/traces/check/cumul-features', () => {
  it('cumulFeatures() begins with both counts and sums, and ends where the curve does', () => {
    const features = cumulFeatures(traceOf([100, -1000, -1000, 50]));
    expect(features.slice(0, 4)).to.deep.equal([2, 2, 2000, 150]);
    expect(features.at(-1)).to.equal(1850);
  });

  it('cumulFeatures() draws the curve by bytes', () => {
    const curve = cumulFeatures(traceOf([-1000, 1000])).slice(4);
    expect(curve).to.have.lengthOf(100);
    expect(curve[0]).to.be.closeTo(20, 1e-9);
    expect(curve[49]).to.be.closeTo(1000, 1e-9);
    expect(curve[74]).to.be.closeTo(500, 1e-9);
    expect(curve[99]).to.be.closeTo(0, 1e-9);
  });

  it('cumulFeatures() gives as many numbers of any trace, none of which is missing', () => {
    const sizes = fc.array(fc.integer({ min: -1500, max: 1500 }), { maxLength: 300 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 1e6 }), (packets, step) => {
        const features = cumulFeatures(traceOf(packets, { step }));
        expect(features).to.have.lengthOf(104);
        expect(features.every(Number.isFinite)).to.equal(true);
      }),
    );
  });
});
