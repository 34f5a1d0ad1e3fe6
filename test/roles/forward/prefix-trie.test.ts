import { expect } from 'chai';
import fc from 'fast-check';
import {
  type IpPrefix,
  ipFromBigInt,
  parsePrefix,
  prefixContains,
} from '../../../src/base/addresses.ts';
import { PrefixTrie } from '../../../src/roles/forward/prefix-trie.ts';

const prefix = (text: string): IpPrefix => {
  const parsed = parsePrefix(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};

describe('roles/forward/prefix-trie', () => {
  it('lookup() gives the value of the longest prefix, anywhere in memory', () => {
    const trie = new PrefixTrie<string>();
    for (const text of ['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '10.1.2.3/32'])
      trie.set(prefix(text), text);
    for (const [address, found] of [
      ['192.0.2.1/32', '0.0.0.0/0'],
      ['10.9.9.9/32', '10.0.0.0/8'],
      ['10.1.9.9/32', '10.1.0.0/16'],
      ['10.1.2.3/32', '10.1.2.3/32'],
    ] as const) {
      const memory = Uint8Array.from([1, 2, 3, ...prefix(address).address.bytes, 4]);
      expect(trie.lookup(memory, 3, 32)).to.equal(found);
    }
  });

  it('lookup() gives undefined where no prefix contains the address', () => {
    const trie = new PrefixTrie<string>();
    trie.set(prefix('fd00::/8'), 'found');
    expect(trie.lookup(prefix('2001:db8::1/128').address.bytes, 0, 128)).to.equal(undefined);
  });

  it('set() replaces the value of an equal prefix', () => {
    const trie = new PrefixTrie<number>();
    trie.set(prefix('10.0.0.0/8'), 1);
    trie.set(prefix('10.0.0.0/8'), 2);
    expect(trie.lookup(Uint8Array.of(10, 0, 0, 1), 0, 32)).to.equal(2);
  });

  it('set() counts for addresses that have been looked up', () => {
    const trie = new PrefixTrie<string>();
    const { bytes } = prefix('2001:db8::1/128').address;
    expect(trie.lookup(bytes, 0, 128)).to.equal(undefined);
    trie.set(prefix('2001:db8::/32'), 'net');
    expect([trie.lookup(bytes, 0, 128), trie.lookup(bytes, 0, 128)]).to.deep.equal(['net', 'net']);
    trie.set(prefix('2001:db8::1/128'), 'host');
    expect(trie.lookup(bytes, 0, 128)).to.equal('host');
  });

  it('lookup() tells more addresses apart than it remembers', () => {
    const trie = new PrefixTrie<number>();
    const hosts = Array.from({ length: 4096 }, (_, index) => [10, 0, index >>> 8, index & 255]);
    for (const [index, bytes] of hosts.entries()) trie.set(prefix(`${bytes.join('.')}/32`), index);
    for (const turn of [0, 1])
      expect(
        hosts.map((bytes) => trie.lookup(Uint8Array.from(bytes), 0, 32)),
        `turn ${turn}`,
      ).to.deep.equal([...hosts.keys()]);
  });

  it('lookup() agrees with a search of all prefixes', () => {
    const address = fc.bigInt({ min: 0n, max: 0xffn }).map((low) => low << 24n);
    const entries = fc.array(fc.tuple(address, fc.nat(32)));
    fc.assert(
      fc.property(entries, address, (prefixes, target) => {
        const trie = new PrefixTrie<number>();
        const list = prefixes.map(([value, length]): IpPrefix => {
          const made = { address: ipFromBigInt(value, 4), length };
          trie.set(made, length);
          return made;
        });
        const wanted = ipFromBigInt(target, 4);
        const lengths = list
          .filter((one) => prefixContains(one, wanted))
          .map(({ length }) => length);
        const longest = lengths.length === 0 ? undefined : Math.max(...lengths);
        expect(trie.lookup(wanted.bytes, 0, 32)).to.equal(longest);
      }),
    );
  });
});
