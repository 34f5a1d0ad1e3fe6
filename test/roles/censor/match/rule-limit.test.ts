import { expect } from 'chai';
import type { Match } from '../../../../src/model/censor-match.ts';
import { asksProgress, limitOf } from '../../../../src/roles/censor/match/rule-limit.ts';
import { DROP, rule } from '../playbook.ts';

describe('roles/censor/match/rule-limit', () => {
  it('limitOf() takes the least of what must hold', () => {
    const limit = limitOf(
      rule(
        [
          { field: 'flow.packets', ranges: [[1, 5]] },
          {
            field: 'flow.packets',
            ranges: [
              [1, 3],
              [9, 9],
            ],
          },
          { field: 'flow.age', ranges: [[null, 100]] },
        ],
        DROP,
        { first: { packets: 2, bytes: null } },
      ),
    );
    expect(limit).to.deep.include({ packets: 5, bytes: Infinity, data: Infinity, age: 100 });
    expect(limit?.first).to.deep.equal({ packets: 2, bytes: Infinity });
  });

  it('limitOf() sees no end in what may be otherwise', () => {
    const inner: Match = { field: 'flow.packets', ranges: [[1, 5]] };
    for (const match of [{ any: [inner] }, { not: inner }])
      expect(limitOf({ ...rule([], DROP), match })).to.equal(null);
    expect(limitOf(rule([{ field: 'flow.age', ranges: [[5, null]] }], DROP))).to.equal(null);
  });

  it('asksProgress() finds conditions and features over flows', () => {
    expect(asksProgress({ not: { field: 'flow.data', ranges: [] } })).to.equal(true);
    expect(asksProgress({ field: 'flow.side', words: ['client'] })).to.equal(false);
    const model = { field: 'model', model: 0, output: 0, ranges: [] } as const;
    expect(asksProgress({ ...model, features: [{ field: 'flow.age' }] })).to.equal(true);
    expect(asksProgress({ ...model, features: [{ bytes: 4 }] })).to.equal(false);
  });
});
