import { expect } from 'chai';
import { Fault } from '../../../../src/base/fault.ts';
import { documented, protocolOf, settingsOf, shipped } from '../protocols.ts';

const thermo = documented();
const hex = (type: string, values: Readonly<Record<string, string | number>>): string =>
  Buffer.from(thermo.write(type, settingsOf(values), 'client')).toString('hex');

describe('writeMessage()', () => {
  it('writes zero where nothing is said', () => {
    expect(hex('READ', {})).to.equal('0001001000000000' + '0000000000000000');
    expect(hex('PING', {})).to.equal('0000000800000000');
    expect(hex('VALUES', {})).to.equal('0002000a000000000000');
  });

  it('lets sizes, counts, padding and keys follow', () => {
    expect(hex('VALUES', { 'values[1].kelvin': 5, 'properties.colour': 'blue' })).to.equal(
      '0002001600000000' + '0002' + '0000' + '0005' + '0206626c7565' + '0000',
    );
  });

  it('leaves what was said, even where it is wrong', () => {
    expect(hex('PING', { length: 3 })).to.equal('0000000300000000');
    expect(hex('VALUES', { count: 9, 'properties[0].length': 1 })).to.equal(
      '0002000e00000000' + '0009' + '00010000',
    );
  });

  it('takes bytes for a whole list or element', () => {
    expect(hex('VALUES', { properties: '0102' })).to.equal('0002000c0000000000000102');
    expect(hex('VALUES', { 'values[0]': 'aabb' })).to.equal('0002000c000000000001aabb');
  });

  it('chooses the case that has the fields that are set', () => {
    const versions = protocolOf(`protocol: p
frame: { length: { at: 2, width: 1 } }
message: m
type: type
enums: { one: { A: 1 }, two: { B: 2 } }
layouts:
  m: [{ version: uint8 }, { choice: version, cases: { 1: one, 4: two } }]
  one: [{ type: { uint: 8, enum: one } }, { length: uint8 }, { x: uint8 }]
  two: [{ type: { uint: 8, enum: two } }, { length: uint8 }, { y: uint8 }]
`);
    expect([...versions.write('A', settingsOf({ x: 7 }), 'client')]).to.deep.equal([1, 1, 4, 7]);
    expect([...versions.write('B', [], 'client')]).to.deep.equal([4, 2, 4, 0]);
    expect([...versions.write('2', settingsOf({ version: 4 }), 'client')]).to.deep.equal([
      4, 2, 4, 0,
    ]);
  });

  const FAULTS: readonly (readonly [string, Readonly<Record<string, string | number>>, string])[] =
    [
      [
        'an unknown field',
        { sensor: '02:00:00:00:00:01' },
        '"sensor" is no field of a message of type VALUES',
      ],
      [
        'an unknown field of an element',
        { 'values[0].celsius': 1 },
        '"values[0].celsius" is no field of a message of type VALUES',
      ],
      [
        'a number that is too large',
        { 'values[0].kelvin': 65_536 },
        '"values[0].kelvin" has 16 bits: expected 0 to 65535, found 65536',
      ],
      ['a word that is none', { flags: 'LATE' }, '"flags" is a number of 4 bits, not "LATE"'],
      ['a path that is none', { 'values[': 1 }, 'The path "values[" cannot be read from "[" on'],
      [
        'all elements',
        { 'values[*].kelvin': 1 },
        '"values[*].kelvin" sets all elements of a list that has none yet',
      ],
      [
        'bytes that are none',
        { properties: 'xy' },
        '"properties" is bytes: expected hexadecimal digits, found "xy"',
      ],
      [
        'text that is not Latin-1',
        { 'properties.colour': '\u20ac' },
        '"properties.colour" is text of Latin-1, which "\u20ac" is not',
      ],
      [
        'an element that is too large',
        { 'properties.colour': 'x'.repeat(254) },
        '"length" has 8 bits: it cannot be 256',
      ],
    ];
  for (const [what, values, message] of FAULTS)
    it(`refuses ${what}`, () => {
      expect(() => hex('VALUES', values)).to.throw(Fault, message);
    });

  it('refuses addresses of the wrong kind, and types that are none', () => {
    expect(() => hex('READ', { sensor: 'x' })).to.throw(Fault, '"sensor": Expected a MAC address');
    expect(() => hex('WRITE', {})).to.throw(Fault, '"kind" is a number of 8 bits, not "WRITE"');
    const dns = shipped('dns');
    const answer = settingsOf({ 'answers[0].type': 'A', 'answers[0].address': 'fd00::1' });
    expect(() => dns.write('RESPONSE', answer, 'server')).to.throw(Fault, 'is an IPv4 address');
  });
});
