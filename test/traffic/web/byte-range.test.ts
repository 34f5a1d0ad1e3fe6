import { expect } from 'chai';
import { byteRange } from '../../../src/traffic/web/byte-range.ts';

const CASES: readonly (readonly [header: string | undefined, found: object | string | null])[] = [
  [undefined, null],
  ['bytes=0-9', { first: 0, last: 9 }],
  ['bytes=90-', { first: 90, last: 99 }],
  ['Bytes = 90 - 200', { first: 90, last: 99 }],
  ['bytes=-10', { first: 90, last: 99 }],
  ['bytes=-200', { first: 0, last: 99 }],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=9-3', null],
  ['bytes=0-1,5-6', null],
  ['lines=1-2', null],
  ['bytes=-', null],
];

describe('byteRange()', () => {
  for (const [header, found] of CASES)
    it(`of ${String(header)} in 100 bytes`, () => {
      expect(byteRange(header, 100)).to.deep.equal(found);
    });

  it('has nothing of an empty file', () =>
    expect(byteRange('bytes=0-', 0)).to.equal('unsatisfiable'));
});
