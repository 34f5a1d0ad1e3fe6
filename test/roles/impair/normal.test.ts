import { expect } from 'chai';
import { seededRandom } from '../../../src/base/random.ts';
import { normalStream } from '../../../src/roles/impair/normal.ts';

describe('roles/impair/normal', () => {
  it('normalStream() has mean 0, deviation 1 and the tails of a normal distribution', () => {
    const next = normalStream(seededRandom(7));
    const values = Array.from({ length: 100_000 }, next);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(mean).to.be.closeTo(0, 0.02);
    expect(variance).to.be.closeTo(1, 0.03);
    const beyondTwo = values.filter((value) => Math.abs(value) > 2).length / values.length;
    expect(beyondTwo).to.be.closeTo(0.0455, 0.004);
  });
});
