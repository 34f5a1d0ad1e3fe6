import { expect } from 'chai';
import { type RangeUnit, parseRange } from '../../../src/scenario/resolve/ranges.ts';

const READ: readonly (readonly [string | number, RangeUnit, number | null, number | null])[] = [
  ['<= 2s', 'duration', null, 2000],
  ['< 2s', 'duration', null, 2000],
  ['>=1', 'count', 1, null],
  ['> 1', 'count', 2, null],
  ['<3', 'count', null, 2],
  ['== 4', 'count', 4, 4],
  [4, 'count', 4, 4],
  ['0', 'count', 0, 0],
  ['10ms..20ms', 'duration', 10, 20],
  ['10ms .. 20ms', 'duration', 10, 20],
  ['50ms ± 2ms', 'duration', 48, 52],
  ['50ms±10%', 'duration', 45, 55],
  ['50ms +- 100ms', 'duration', 0, 150],
  ['1mbit +/- 10%', 'rate', 900_000, 1_100_000],
  ['<= 400kbit', 'rate', null, 400_000],
  ['>= 0.9', 'ratio', 0.9, null],
  ['90%..120%', 'ratio', 0.9, 1.2],
];

const REFUSED: readonly (readonly [string | number, RangeUnit])[] = [
  ['2', 'duration'],
  [2, 'duration'],
  ['<= 2', 'duration'],
  ['1.5', 'count'],
  ['', 'count'],
  ['>=', 'count'],
  ['9..3', 'count'],
  ['1..2..3', 'count'],
  ['50ms ± 2mbit', 'duration'],
  ['5ms', 'rate'],
  ['0.9x', 'ratio'],
];

describe('parseRange()', () => {
  for (const [written, unit, min, max] of READ)
    it(`reads "${written}" as a range of a ${unit}`, () => {
      const value = { min, max, text: String(written) };
      expect(parseRange(written, unit)).to.deep.equal({ ok: true, value });
    });
  for (const [written, unit] of REFUSED)
    it(`refuses "${written}" as a range of a ${unit}`, () => {
      expect(parseRange(written, unit).ok).to.equal(false);
    });
});
