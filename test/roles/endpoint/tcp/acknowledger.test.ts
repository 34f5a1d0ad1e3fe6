import { expect } from 'chai';
import { Acknowledger } from '../../../../src/roles/endpoint/tcp/acknowledger.ts';

describe('roles/endpoint/tcp/acknowledger', () => {
  it('noteData() with "delayed" wants every second full segment, by the largest that came', () => {
    const acknowledger = new Acknowledger('delayed');
    acknowledger.noteData(1000, 0);
    expect(acknowledger).to.include({ isWanted: false, due: 40_000 });
    acknowledger.noteData(100, 30_000);
    expect(acknowledger).to.include({ isWanted: false, due: 40_000 });
    acknowledger.noteData(900, 31_000);
    expect(acknowledger.isWanted).to.equal(true);
    acknowledger.sent();
    expect(acknowledger).to.include({ isWanted: false, due: Infinity });
    acknowledger.noteData(1000, 50_000);
    expect(acknowledger.isWanted).to.equal(false);
  });

  for (const policy of ['piggyback', 'none'] as const)
    it(`nothing is wanted with "${policy}"`, () => {
      const acknowledger = new Acknowledger(policy);
      acknowledger.noteData(1000, 0);
      acknowledger.require();
      acknowledger.expire(1e9);
      expect(acknowledger).to.include({ isWanted: false, due: Infinity });
    });

  it('setPolicy() makes up for what waits', () => {
    const acknowledger = new Acknowledger('none');
    acknowledger.setPolicy('delayed', true, 5);
    expect(acknowledger).to.include({ isWanted: false, due: 40_005 });
    acknowledger.setPolicy('now', true, 6);
    expect(acknowledger).to.include({ isWanted: true, due: Infinity });
    acknowledger.setPolicy('piggyback', true, 7);
    expect(acknowledger.isWanted).to.equal(false);
    acknowledger.setPolicy('now', false, 8);
    expect(acknowledger.isWanted).to.equal(false);
  });

  it('expire() wants what is due', () => {
    const acknowledger = new Acknowledger('delayed');
    acknowledger.noteData(1, 0);
    acknowledger.expire(39_999);
    expect(acknowledger.isWanted).to.equal(false);
    acknowledger.expire(40_000);
    expect(acknowledger.isWanted).to.equal(true);
  });
});
