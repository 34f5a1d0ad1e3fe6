import { expect } from 'chai';
import fc from 'fast-check';
import {
  formatIp,
  formatMac,
  formatPrefix,
  ipFromBigInt,
  ipToBigInt,
  networkAddress,
  nthAddress,
  parseIp,
  parseMac,
  parsePrefix,
  prefixContains,
  prefixesOverlap,
  prefixSize,
  sameIp,
  type IpAddress,
  type IpPrefix,
} from '../../src/base/addresses.ts';

const ip = (text: string): IpAddress => {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};
const prefix = (text: string): IpPrefix => {
  const parsed = parsePrefix(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};

// RFC 5952 sections 4 and 5: how an address is written.
const canonical: readonly (readonly [string, string])[] = [
  ['10.0.0.1', '10.0.0.1'],
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['::', '::'],
  ['::1', '::1'],
  ['fe80::', 'fe80::'],
  ['::ffff:192.0.2.1', '::ffff:c000:201'],
];
const refused = [
  '',
  '1.2.3',
  '1.2.3.256',
  '01.2.3.4',
  '1.2.3.4.5',
  ':::',
  '1::2::3',
  '12345::',
  '1:2:3:4:5:6:7:8:9',
  'fe80::1%eth0',
  '1:2:3:4:5:6:7::8:9',
  'host',
];

describe('base/addresses', () => {
  for (const [text, wished] of canonical)
    it(`formatIp() writes ${text} as ${wished}`, () => {
      expect(formatIp(ip(text))).to.equal(wished);
    });

  for (const text of refused)
    it(`parseIp() refuses ${JSON.stringify(text)}`, () => {
      expect(parseIp(text)).to.deep.equal({
        ok: false,
        error: `Expected an IPv4 or IPv6 address, found ${JSON.stringify(text)}`,
      });
    });

  it('parseIp() undoes formatIp() for any address', () => {
    const family = fc.constantFrom<4 | 6>(4, 6);
    fc.assert(
      fc.property(family, fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), (kind, value) => {
        const address = ipFromBigInt(value, kind);
        expect(sameIp(ip(formatIp(address)), address)).to.equal(true);
        expect(ipFromBigInt(ipToBigInt(address), kind)).to.deep.equal(address);
      }),
    );
  });

  it('parsePrefix() wants an address and a length that fits it', () => {
    expect(formatPrefix(prefix('10.1.2.3/24'))).to.equal('10.1.2.3/24');
    for (const text of ['10.0.0.0', '10.0.0.0/33', '10.0.0.0/', 'fd00::/129', '/24', 'x/8'])
      expect(parsePrefix(text).ok, text).to.equal(false);
  });

  it('networkAddress() and nthAddress() stay inside the prefix', () => {
    expect(formatIp(networkAddress(prefix('10.1.2.3/20')))).to.equal('10.1.0.0');
    const last = nthAddress(prefix('10.1.2.0/30'), 3n);
    expect(last && formatIp(last)).to.equal('10.1.2.3');
    expect(nthAddress(prefix('10.1.2.0/30'), 4n)).to.equal(undefined);
    const far = nthAddress(prefix('fd00::/64'), 0x1_0000n);
    expect(far && formatIp(far)).to.equal('fd00::1:0');
    expect(prefixSize(prefix('fd00::/64'))).to.equal(1n << 64n);
  });

  it('prefixContains() and prefixesOverlap() compare within a family', () => {
    expect(prefixContains(prefix('10.0.0.0/8'), ip('10.255.0.1'))).to.equal(true);
    expect(prefixContains(prefix('10.0.0.0/8'), ip('11.0.0.1'))).to.equal(false);
    expect(prefixContains(prefix('0.0.0.0/0'), ip('::1'))).to.equal(false);
    expect(prefixesOverlap(prefix('10.0.0.0/8'), prefix('10.4.0.0/16'))).to.equal(true);
    expect(prefixesOverlap(prefix('10.4.0.0/16'), prefix('10.5.0.0/16'))).to.equal(false);
    expect(prefixesOverlap(prefix('fd00::/8'), prefix('fd12::/64'))).to.equal(true);
  });

  it('parseMac() reads six bytes and formatMac() writes them in lower case', () => {
    const parsed = parseMac('02:00:00:00:0A:ff');
    expect(parsed.ok && formatMac(parsed.value)).to.equal('02:00:00:00:0a:ff');
    for (const text of ['02:00:00:00:00', '02-00-00-00-00-01', 'g2:00:00:00:00:01'])
      expect(parseMac(text).ok, text).to.equal(false);
  });
});
