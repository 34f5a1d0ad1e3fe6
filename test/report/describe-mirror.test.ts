import { expect } from 'chai';
import type { NumberRange } from '../../src/model/expectation.ts';
import { describeMirrorOutcome, mirrorWishes } from '../../src/report/describe-mirror.ts';
import { COMPARISON, RECORD, STATISTICS } from './mirror-fixture.ts';

const NONE: NumberRange = { min: 0, max: 0, text: '0' };
const SOME: NumberRange = { min: 1, max: null, text: '>=1' };
const WISH = { kind: 'mirror', id: '1', mirror: 'shadow' } as const;

describe('describeMirrorOutcome()', () => {
  it('says what was copied', () =>
    expect(describeMirrorOutcome(RECORD)).to.equal(
      'shadow: 20 of 20 copies whole, 1.50 MB, 0 leaked',
    ));

  it('says what is short, and what differs', () => {
    const copies = { ...STATISTICS.copies, whole: 0, short: 1 };
    const statistics = { ...STATISTICS, copies, bytes: { ...STATISTICS.bytes, short: 300 } };
    const comparison = { ...COMPARISON, missing: 2 };
    expect(describeMirrorOutcome({ ...RECORD, statistics, comparison })).to.equal(
      'shadow: 0 of 1 copy whole, short by 300 B of 1.50 MB, 0 leaked; 40 pairs of answers, 1 different, 2 missing',
    );
  });
});

describe('mirrorWishes()', () => {
  it('has those that are there', () => {
    expect(mirrorWishes({ ...WISH, short: NONE, leaked: NONE })).to.deep.equal([
      'short 0',
      'leaked 0',
    ]);
    expect(mirrorWishes({ ...WISH, refused: NONE, pairs: SOME })).to.deep.equal([
      'not copied 0',
      'pairs >=1',
    ]);
  });

  it('names endings and what the doctor is to find', () =>
    expect(
      mirrorWishes({
        ...WISH,
        ending: { name: 'no-window', count: SOME },
        doctor: ['port-closed', 'route-missing'],
      }),
    ).to.deep.equal(['doctor port-closed route-missing', 'ending no-window >=1']));
});
