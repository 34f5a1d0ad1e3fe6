import { expect } from 'chai';
import { TokenBucket } from '../../../src/roles/forward/token-bucket.ts';

describe('roles/forward/token-bucket', () => {
  it('take() gives the burst at once and then so many a second', () => {
    const bucket = new TokenBucket(10, 3);
    const at = (now: number): boolean => bucket.take(now);
    expect([at(1e6), at(1e6), at(1e6), at(1e6)]).to.deep.equal([true, true, true, false]);
    expect([at(1.05e6), at(1.1e6), at(1.1e6)]).to.deep.equal([false, true, false]);
  });

  it('take() never saves more than the burst, and a clock that goes back gives nothing', () => {
    const bucket = new TokenBucket(10, 2);
    const taken = [1e9, 1e9, 1e9, 5e8].map((now) => bucket.take(now));
    expect(taken).to.deep.equal([true, true, false, false]);
  });
});
