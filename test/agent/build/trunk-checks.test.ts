import { expect } from 'chai';
import { readUnderlay, vxlanOverhead } from '../../../src/agent/build/trunk-checks.ts';
import { formatIp } from '../../../src/base/addresses.ts';

type Case = readonly [own: string, peer: string, wish: RegExp];

describe('vxlanOverhead()', () => {
  it('is 50 bytes over IPv4 and 70 over IPv6', () => {
    expect([vxlanOverhead(4), vxlanOverhead(6)]).to.deep.equal([50, 70]);
  });
});

describe('readUnderlay()', () => {
  it('gives the addresses of the machines that are wanted', () => {
    const peers = { b: '192.0.2.2', c: '192.0.2.3' };
    const underlay = readUnderlay('a', '192.0.2.1', peers, ['c']);
    expect([...underlay.peers].map(([name, address]) => [name, formatIp(address)])).to.deep.equal([
      ['c', '192.0.2.3'],
    ]);
  });

  const cases: readonly Case[] = [
    ['192.0.2.1', '192.0.2.1', /have one underlay address: 192\.0\.2\.1/],
    ['192.0.2.1', '2001:db8::1', /"a" has an underlay of IPv4 .* "b" one of IPv6/],
    ['edge.example', '192.0.2.1', /underlay of machine "a" is no address/],
    ['192.0.2.1', '', /underlay of machine "b" is no address/],
  ];
  for (const [own, peer, wish] of cases)
    it(`refuses ${own} beside ${JSON.stringify(peer)}`, () => {
      expect(() => readUnderlay('a', own, { b: peer }, ['b'])).to.throw(wish);
    });
});
