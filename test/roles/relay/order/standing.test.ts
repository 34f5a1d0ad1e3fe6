import { expect } from 'chai';
import { standings } from '../../../../src/roles/relay/order/standing.ts';
import { MEMO } from '../playbook.ts';

const TYPES = ['STRICT', 'LOOSE', 'BARRIER', '77'];

const order = (strict: readonly string[], loose: readonly string[]) => ({
  ...MEMO,
  order: { strict, loose, barrier: ['BARRIER'] },
});

describe('roles/relay/order/standing', () => {
  for (const [what, ordering, protocol, expected] of [
    ['all are strict', 'all', MEMO, ['strict', 'strict', 'strict', 'strict']],
    ['none is', 'none', MEMO, ['loose', 'loose', 'loose', 'loose']],
    ['as the protocol says', 'typed', MEMO, ['strict', 'loose', 'barrier', 'strict']],
    [
      'all others are loose',
      'typed',
      order(['STRICT'], ['*']),
      ['strict', 'loose', 'barrier', 'loose'],
    ],
    [
      'what is not named is strict',
      'typed',
      order([], []),
      ['strict', 'strict', 'barrier', 'strict'],
    ],
  ] as const)
    it(`standings() of ${ordering}: ${what}`, () => {
      expect(TYPES.map(standings({ ordering, protocol }))).to.deep.equal(expected);
    });
});
