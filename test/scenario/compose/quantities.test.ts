import { expect } from 'chai';
import fc from 'fast-check';
import { parseBytes, parseMillis } from '../../../src/base/units.ts';
import {
  composeBytes,
  composeMillis,
  scenarioDuration,
  scenarioSize,
} from '../../../src/scenario/compose/quantities.ts';

describe('composeMillis()', () => {
  for (const [text, millis] of [
    ['1m30s', 90_000],
    ['1h5m30s20ms', 3_930_020],
    ['1.5s', 1500],
    ['300us', 0.3],
    ['0', 0],
    ['10', undefined],
    ['soon', undefined],
    ['', undefined],
  ] as const)
    it(`takes "${text}" for ${millis}`, () => expect(composeMillis(text)).to.equal(millis));
});

describe('composeBytes()', () => {
  for (const [text, bytes] of [
    ['64m', 67_108_864],
    ['1gb', 1_073_741_824],
    ['1.5GiB', 1_610_612_736],
    ['1024', 1024],
    ['10b', 10],
    ['much', undefined],
    ['-1', undefined],
  ] as const)
    it(`takes "${text}" for ${bytes}`, () => expect(composeBytes(text)).to.equal(bytes));
});

describe('scenarioSize() and scenarioDuration()', () => {
  it('write what a scenario reads as the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (count) => {
        expect(parseBytes(scenarioSize(count))).to.deep.equal({ ok: true, value: count });
        expect(parseMillis(scenarioDuration(count))).to.deep.equal({ ok: true, value: count });
      }),
    );
  });
});
