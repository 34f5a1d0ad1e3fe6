import { expect } from 'chai';
import { travellersOf } from '../../../src/agent/tunnel/travellers.ts';
import { planOf } from '../../scenario/compile-text.ts';

const LAB = `version: 1
name: lab
hosts: { client: {}, p1: {}, p2: {} }
networks: { wire: { subnet: 10.10.1.0/24, members: [client, p1, p2] } }
tunnels:
  quic: { over: [one, two], route: [10.9.0.0/16], migrate: { policy: uniform } }
  one: { wireguard: { client: client, server: p1 } }
  two: { wireguard: { client: client, server: p2 } }
`;

describe('travellersOf()', () => {
  it('has tunnels by themselves, and bundles with the ends of all that they are made of', () => {
    const found = travellersOf(planOf(LAB));
    expect(found.map(({ name, node, ends, over }) => [name, node, ends, over])).to.deep.equal([
      ['one', 'client', ['one'], []],
      ['two', 'client', ['two'], []],
      ['quic', 'client', ['one', 'two'], ['one', 'two']],
    ]);
    expect(found.map(({ migration }) => migration?.policy)).to.deep.equal([
      ...[undefined, undefined, 'uniform'],
    ]);
  });

  it('has nothing of a plan without tunnels', () => expect(travellersOf({})).to.deep.equal([]));
});
