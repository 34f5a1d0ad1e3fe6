import { expect } from 'chai';
import { nearestLabel } from '../../../../src/analysis/traces/check/nearest-label.ts';

const at = (...pairs: readonly (readonly [distance: number, label: number])[]) =>
  pairs.map(([distance, label]) => ({ distance, label }));

describe('analysis/traces/check/nearest-label', () => {
  it('nearestLabel() is what most of the nearest have, and of equals what the nearest has', () => {
    expect(nearestLabel(at([5, 9], [1, 7], [2, 8], [3, 8]), 3)).to.equal(8);
    expect(nearestLabel(at([3, 9], [1, 7], [2, 8]), 3)).to.equal(7);
    expect(nearestLabel(at([1, 7]), 3)).to.equal(7);
    expect(nearestLabel([], 3)).to.equal(null);
  });
});
