import { expect } from 'chai';
import fc from 'fast-check';
import {
  formatIp,
  ipFromBigInt,
  parsePrefix,
  prefixContains,
} from '../../../../src/base/addresses.ts';
import { Hits } from '../../../../src/roles/censor/match/hits.ts';
import { PrefixIndex } from '../../../../src/roles/censor/match/prefix-index.ts';
import { ip } from '../playbook.ts';

function find(sets: readonly string[], address: string): readonly number[] {
  const hits = new Hits(sets.length);
  hits.clear();
  const { bytes } = ip(address);
  new PrefixIndex(sets).find(Uint8Array.from([9, ...bytes, 9]), 1, bytes.length, hits);
  return hits.ids.slice(0, hits.count).toSorted((left, right) => left - right);
}

describe('roles/censor/match/prefix-index', () => {
  it('find() gives every set that holds the address', () => {
    const sets = [
      '10.0.0.0/8 # private',
      '10.0.0.2\n# 10.0.0.1',
      '0.0.0.0/0',
      '::/0',
      'fd00::/127\n10.0.0.0/31',
      '128.0.0.0/1',
    ];
    expect(find(sets, '10.0.0.1')).to.deep.equal([0, 2, 4]);
    expect(find(sets, '10.0.0.2')).to.deep.equal([0, 1, 2]);
    expect(find(sets, 'fd00::1')).to.deep.equal([3, 4]);
    expect(find(sets, 'fd00::2')).to.deep.equal([3]);
    expect(find(sets, '200.1.1.1')).to.deep.equal([2, 5]);
  });

  for (const family of [4, 6] as const)
    it(`find() agrees with comparing every prefix of IPv${family}`, () => {
      const bits = family === 4 ? 32 : 128;
      // Few addresses that share long beginnings, so that many prefixes hold them.
      const address = fc
        .tuple(fc.constantFrom(0n, 1n, 5n), fc.integer({ min: 0, max: bits - 3 }))
        .map(([value, shift]) => ipFromBigInt(value << BigInt(shift), family));
      const prefix = fc
        .tuple(address, fc.integer({ min: 0, max: bits }))
        .map(([one, length]) => `${formatIp(one)}/${length}`);
      fc.assert(
        fc.property(fc.array(fc.array(prefix), { maxLength: 4 }), address, (sets, subject) => {
          const holds = (text: string): boolean => {
            const parsed = parsePrefix(text);
            return parsed.ok && prefixContains(parsed.value, subject);
          };
          const wish = sets.flatMap((prefixes, id) => (prefixes.some(holds) ? [id] : []));
          const texts = sets.map((prefixes) => prefixes.join('\n'));
          expect(find(texts, formatIp(subject))).to.deep.equal(wish);
        }),
      );
    });
});
