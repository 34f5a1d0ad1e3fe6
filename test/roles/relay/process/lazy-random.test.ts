import { expect } from 'chai';
import { seededRandom } from '../../../../src/base/random.ts';
import { LazyRandom } from '../../../../src/roles/relay/process/lazy-random.ts';

describe('roles/relay/process/lazy-random', () => {
  it('draws as what is seeded at once', () => {
    const [lazy, random] = [new LazyRandom(7, 'name'), seededRandom(7, 'name')];
    expect([lazy.next(), lazy.below(100), lazy.bytes(4), lazy.fork('child').next()]).to.deep.equal([
      random.next(),
      random.below(100),
      random.bytes(4),
      random.fork('child').next(),
    ]);
  });
});
