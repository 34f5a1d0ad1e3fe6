import { expect } from 'chai';
import {
  type ParamType,
  checkParam,
  parseParam,
} from '../../../src/scenario/params/param-types.ts';

const READ: readonly (readonly [ParamType, string, unknown])[] = [
  ['string', 'true', 'true'],
  ['string', '5', '5'],
  ['integer', '5', 5],
  ['integer', '-5', -5],
  ['number', '0.5', 0.5],
  ['number', '1e3', 1000],
  ['boolean', 'true', true],
  ['boolean', 'false', false],
  ['duration', '20ms', '20ms'],
  ['rate', '10mbit', '10mbit'],
  ['size', '64KiB', '64KiB'],
  ['percentage', '0.1%', '0.1%'],
  ['address', 'fd00::1', 'fd00::1'],
  ['prefix', '10.0.0.0/8', '10.0.0.0/8'],
  ['port', '443', 443],
];

const REFUSED: readonly (readonly [ParamType, string])[] = [
  ['integer', '5.5'],
  ['integer', ''],
  ['integer', '0x10'],
  ['number', 'many'],
  ['boolean', 'yes'],
  ['duration', '20'],
  ['rate', '10'],
  ['size', '64'],
  ['percentage', '120%'],
  ['address', '10.0.0.0/8'],
  ['prefix', '10.0.0.1'],
  ['port', '0'],
  ['port', '65536'],
];

describe('parseParam()', () => {
  for (const [type, text, value] of READ)
    it(`reads "${text}" as ${type}`, () => {
      expect(parseParam(type, text)).to.deep.equal({ ok: true, value });
    });
  for (const [type, text] of REFUSED)
    it(`refuses "${text}" as ${type}`, () => {
      expect(parseParam(type, text).ok).to.equal(false);
    });
});

describe('checkParam()', () => {
  it('refuses a value of another type than it says', () => {
    expect(checkParam('string', 5)).to.deep.equal({
      ok: false,
      error: 'Expected text, found 5',
    });
    expect(checkParam('port', '443').ok).to.equal(false);
    expect(checkParam('boolean', 'true').ok).to.equal(false);
    expect(checkParam('address', 5).ok).to.equal(false);
  });
});
