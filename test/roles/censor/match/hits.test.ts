import { expect } from 'chai';
import { Hits } from '../../../../src/roles/censor/match/hits.ts';

describe('roles/censor/match/hits', () => {
  it('holds what was added since it was cleared, once', () => {
    const hits = new Hits(4);
    hits.clear();
    expect(hits.has(0)).to.equal(false);
    for (const id of [3, 1, 3]) hits.add(id);
    expect(hits.ids.slice(0, hits.count)).to.deep.equal([3, 1]);
    expect([0, 1, 2, 3].map((id) => hits.has(id))).to.deep.equal([false, true, false, true]);
    hits.clear();
    expect(hits.count).to.equal(0);
    expect(hits.has(3)).to.equal(false);
  });
});
