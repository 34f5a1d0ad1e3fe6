import { expect } from 'chai';
import { forEachBounded } from '../../src/base/for-each-bounded.ts';

describe('forEachBounded()', () => {
  it('keeps the bound and does all', async () => {
    let now = 0;
    let most = 0;
    const done: number[] = [];
    await forEachBounded([1, 2, 3, 4, 5], 2, async (item) => {
      most = Math.max(most, (now += 1));
      await new Promise(setImmediate);
      now -= 1;
      done.push(item);
    });
    expect([most, done.sort()]).to.deep.equal([2, [1, 2, 3, 4, 5]]);
  });
  it('begins nothing more after a failure, and rejects with it', async () => {
    const begun: number[] = [];
    const failure: unknown = await forEachBounded([1, 2, 3], 1, (item) => {
      begun.push(item);
      return item === 2 ? Promise.reject(new Error('two')) : Promise.resolve();
    }).catch((error: unknown) => error);
    expect(String(failure)).to.equal('Error: two');
    expect(begun).to.deep.equal([1, 2]);
  });
});
