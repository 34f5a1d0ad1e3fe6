import type { OffsetBounds } from '../../../src/lab/clock/sample.ts';
import { envelopeOf } from '../../../src/lab/clock/envelope.ts';
import { expect } from 'chai';

const bound = (at: number, low: number, high: number): OffsetBounds => ({
  elapsed: at,
  at,
  low,
  high,
});

describe('envelopeOf()', () => {
  it('narrows a loose bound by those before and after it', () => {
    const { ranges, jump } = envelopeOf([
      bound(0, -10, 10),
      bound(1, -90_000, 90_000),
      bound(2, 90, 110),
    ]);
    expect(jump).to.equal(0);
    expect(ranges[1]).to.deep.equal({ low: -410, high: 510 });
  });

  it('tells a jump, and leaves open on which side of it a loose bound is', () => {
    const { ranges, jump } = envelopeOf([
      bound(0, -10, 10),
      bound(1, -90_000, 90_000),
      bound(2, 49_990, 50_010),
    ]);
    expect(jump).to.equal(50_000);
    expect(ranges[1]).to.deep.equal({ low: -510, high: 50_510 });
  });

  it('has nothing to say of nothing', () => {
    expect(envelopeOf([])).to.deep.equal({ ranges: [], jump: 0 });
  });
});
