import { expect } from 'chai';
import type { NumberRange } from '../../src/model/expectation.ts';
import { mirrorWishes } from '../../src/report/describe-mirror.ts';

const NONE: NumberRange = { min: 0, max: 0, text: '0' };
const SOME: NumberRange = { min: 1, max: null, text: '>=1' };
const WISH = { kind: 'mirror', id: '1', mirror: 'shadow' } as const;

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
