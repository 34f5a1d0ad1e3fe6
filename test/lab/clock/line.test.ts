import {
  type Bounds,
  driftRange,
  rangeAt,
  roomiestDrift,
  startRange,
  tightest,
} from '../../../src/lab/clock/line.ts';
import { expect } from 'chai';
import fc from 'fast-check';

/** Bounds of ±`width` around a line, at these seconds. */
const around = (drift: number, width: number, times: readonly number[]): Bounds[] =>
  times.map((at) => ({ at, low: drift * at - width, high: drift * at + width }));

describe('tightest()', () => {
  it('leaves out what others imply, and changes nothing', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc
            .tuple(fc.integer({ min: 0, max: 50 }), fc.integer(), fc.nat())
            .map(([at, low, width]) => ({
              ...{ at, low },
              high: low + width,
            })),
          { minLength: 1 },
        ),
        fc.integer({ min: -500, max: 500 }),
        (bounds, drift) => {
          expect(startRange(tightest(bounds), drift)).to.deep.equal(startRange(bounds, drift));
        },
      ),
    );
    const loose = { at: 5, low: -1e6, high: 1e6 };
    expect(tightest([...around(0, 1, [0, 10]), loose])).to.have.length(4);
  });
});

describe('startRange()', () => {
  it('is empty when no line of this drift keeps to the bounds', () => {
    const { low, high } = startRange(around(100, 10, [0, 1]), 0);
    expect(high - low).to.equal(-80);
  });
});

describe('driftRange()', () => {
  it('gives the drifts of the lines from corner to corner', () => {
    const range = driftRange(around(20, 10, [0, 5, 10]));
    expect(range?.low).to.be.closeTo(18, 1e-6);
    expect(range?.high).to.be.closeTo(22, 1e-6);
  });

  it('stays within what a clock can drift', () => {
    expect(driftRange(around(0, 10, [0]))).to.deep.equal({ low: -500, high: 500 });
    expect(driftRange(around(700, 10, [0, 10]))).to.equal(null);
  });

  it('is null where no line fits', () => {
    const bent = [...around(0, 1, [0, 1]), { at: 2, low: 99, high: 101 }];
    expect(driftRange(bent)).to.equal(null);
    expect(roomiestDrift(bent)).to.be.closeTo(50, 1e-6);
  });
});

describe('rangeAt()', () => {
  it('is as wide as the bounds within them, and wider beyond', () => {
    const bounds = around(20, 10, [0, 10]);
    const drifts = driftRange(bounds) ?? { low: 0, high: 0 };
    const width = (at: number): number => {
      const { low, high } = rangeAt(bounds, drifts, at);
      return high - low;
    };
    expect(width(10)).to.be.closeTo(20, 1e-6);
    expect(width(20)).to.be.closeTo(60, 1e-6);
  });
});
