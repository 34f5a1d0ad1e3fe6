import { expect } from 'chai';
import { within } from '../../../src/agent/container/bounded.ts';

describe('within()', () => {
  it('gives what the work gives', async () =>
    expect(await within(Promise.resolve(1), 1000, () => 2)).to.equal(1));
  it('gives the other when the work is late', async () =>
    expect(await within(new Promise<number>(() => undefined), 1, () => 2)).to.equal(2));
});
