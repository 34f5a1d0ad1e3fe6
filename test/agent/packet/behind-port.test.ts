import { expect } from 'chai';
import { membersBehind } from '../../../src/agent/packet/behind-port.ts';
import { planOf } from '../../scenario/compile-text.ts';

const LAB = `version: 1
name: lab
hosts: { client: {}, first: { bridge: true }, second: { bridge: true }, router: {}, aside: {}, server: {} }
networks:
  inside: { members: [client, first] }
  between: { members: [first, second] }
  edge: { members: [second, router] }
  other: { members: [second, aside] }
  outside: { members: [router, server] }
`;

describe('membersBehind()', () => {
  const plan = planOf(LAB);
  const behind = (bridge: string, network: string): readonly string[] =>
    membersBehind(plan, bridge, network).map(({ node }) => node);

  it('names the hosts of the network and of those that other bridges join to it', () => {
    expect(behind('first', 'between')).to.include.members(['router', 'aside']);
    expect(behind('first', 'between')).to.not.include.members(['client', 'server']);
    expect(behind('first', 'inside')).to.deep.equal(['client']);
  });

  it('does not go through the bridge itself', () => {
    expect(behind('second', 'edge')).to.deep.equal(['router']);
    expect(behind('second', 'between')).to.include('client');
    expect(behind('second', 'between')).to.not.include('aside');
  });
});
