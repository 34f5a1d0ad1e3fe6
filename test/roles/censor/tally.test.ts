import { expect } from 'chai';
import { Tally } from '../../../src/roles/censor/tally.ts';

const TABLES = { known: 3, evicted: 1, brokenDatagrams: 2 };

describe('roles/censor/tally', () => {
  it('snapshot() lists the rules in force first, then those that are gone', () => {
    const tally = new Tally();
    tally.hit('old');
    tally.hit('new');
    tally.hit('new');
    expect(tally.snapshot(['new', 'idle'], TABLES).rules).to.deep.equal([
      { name: 'new', hits: 2 },
      { name: 'idle', hits: 0 },
      { name: 'old', hits: 1 },
    ]);
  });

  it('snapshot() is a copy', () => {
    const tally = new Tally();
    const before = tally.snapshot([], TABLES);
    tally.packets += 1;
    tally.ignored.md5 += 1;
    tally.act('drop');
    tally.act('drop');
    expect(before).to.deep.include({ packets: 0, actions: {}, ...TABLES });
    expect(before.ignored.md5).to.equal(0);
    const after = tally.snapshot([], TABLES);
    expect(after).to.deep.include({ packets: 1, actions: { drop: 2 } });
    expect(after.ignored.md5).to.equal(1);
  });

  it('snapshot() survives JSON', () => {
    const snapshot = new Tally().snapshot(['a'], TABLES);
    expect(JSON.parse(JSON.stringify(snapshot))).to.deep.equal(snapshot);
  });
});
