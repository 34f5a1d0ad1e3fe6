import { expect } from 'chai';
import fc from 'fast-check';
import { MOST_HOSTS, expandHosts } from '../../../src/scenario/inventory/host-range.ts';

type Case = readonly [pattern: string, hosts: readonly string[]];

describe('expandHosts()', () => {
  const CASES: readonly Case[] = [
    ['web', ['web']],
    ['web[08:10]', ['web08', 'web09', 'web10']],
    ['web[8:10].example.org', ['web8.example.org', 'web9.example.org', 'web10.example.org']],
    ['db-[a:c]', ['db-a', 'db-b', 'db-c']],
    ['n[0:6:3]', ['n0', 'n3', 'n6']],
    ['[a:b][1:2]', ['a1', 'a2', 'b1', 'b2']],
    ['n[:1]', ['n0', 'n1']],
  ];
  for (const [pattern, hosts] of CASES)
    it(`expands ${pattern}`, () => {
      expect(expandHosts(pattern)).to.deep.equal({ ok: true, value: hosts });
    });

  for (const pattern of ['a[3:1]', 'a[01:100]', 'a[1:b]', 'a[1:2:0]', 'a[1:99999999]'])
    it(`refuses ${pattern}`, () => {
      expect(expandHosts(pattern).ok).to.equal(false);
    });

  it('refuses more hosts than an inventory may have', () => {
    expect(expandHosts(`[1:${MOST_HOSTS}]x[1:2]`).ok).to.equal(false);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expandHosts(`a[${text}]`);
      }),
    );
  });
});
