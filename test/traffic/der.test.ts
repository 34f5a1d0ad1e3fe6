import { expect } from 'chai';
import fc from 'fast-check';
import {
  bitString,
  booleanTrue,
  explicit,
  implicit,
  objectIdentifier,
  octetString,
  sequence,
  setOfOne,
  time,
  unsignedInteger,
  utf8String,
} from '../../src/traffic/der.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

describe('traffic/der', () => {
  const encodings: readonly [string, Uint8Array, string][] = [
    ['booleanTrue() is 0xff', booleanTrue(), '0101ff'],
    ['unsignedInteger() of zero has one byte', unsignedInteger(bytes('0000')), '020100'],
    ['unsignedInteger() drops leading zeros', unsignedInteger(bytes('00007f')), '02017f'],
    ['unsignedInteger() stays positive', unsignedInteger(bytes('80')), '02020080'],
    ['bitString() says how many bits are unused', bitString(bytes('06'), 1), '03020106'],
    ['octetString() wraps its content', octetString(bytes('01'), bytes('02')), '04020102'],
    ['utf8String() counts bytes', utf8String('é'), '0c02c3a9'],
    ['setOfOne() wraps an element', setOfOne(booleanTrue()), '31030101ff'],
    ['explicit() keeps the tag inside', explicit(3, booleanTrue()), 'a3030101ff'],
    ['implicit() replaces the tag', implicit(2, bytes('6162')), '82026162'],
    ['objectIdentifier() of subjectAltName', objectIdentifier('2.5.29.17'), '0603551d11'],
    [
      'objectIdentifier() of ecdsa-with-SHA256',
      objectIdentifier('1.2.840.10045.4.3.2'),
      '06082a8648ce3d040302',
    ],
    [
      'time() is UTCTime through 2049',
      time(new Date('2049-12-31T23:59:59Z')),
      `170d${Buffer.from('491231235959Z').toString('hex')}`,
    ],
    [
      'time() is GeneralizedTime from 2050',
      time(new Date('2050-01-01T00:00:00Z')),
      `180f${Buffer.from('20500101000000Z').toString('hex')}`,
    ],
  ];
  for (const [title, found, wished] of encodings)
    it(title, () => {
      expect(hex(found)).to.equal(wished);
    });

  it('sequence() gives the length in the shortest form', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 70_000 }), (size) => {
        const found = sequence(new Uint8Array(size));
        const head = found.subarray(0, found.length - size);
        const digits = size < 0x80 ? [] : size < 0x100 ? [0x81] : size < 0x1_0000 ? [0x82] : [0x83];
        expect([...head.subarray(1, 1 + digits.length)]).to.deep.equal(digits);
        const length = head.subarray(1 + digits.length);
        expect(length.reduce((sum, byte) => sum * 256 + byte, 0)).to.equal(size);
      }),
    );
  });
});
