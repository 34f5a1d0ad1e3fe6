import { expect } from 'chai';
import { masqueradesOf } from '../../src/model/masquerades.ts';
import { planOf } from '../scenario/compile-text.ts';

const PLAN = planOf(`version: 1
name: lab
hosts: { client: {}, exit: {}, server: {} }
networks:
  access: { subnet: [10.10.1.0/24, "fd00:1::/64"], members: [client, exit] }
  web: { subnet: 10.10.2.0/24, members: [exit, server] }
nat: [{ on: exit, out: web, masquerade: true }]
tunnels: { wg0: { wireguard: { client: client, server: exit } } }
`);

const at = (name: string): string[] => {
  const node = PLAN.nodes.find((one) => one.name === name);
  if (node === undefined) throw new Error(`The plan has no node "${name}"`);
  return masqueradesOf(PLAN, node).map((nat) => `${nat.interface} ${nat.from ?? 'all'}`);
};

describe('masqueradesOf()', () => {
  it('has what is written, and what a tunnel ends in, by the families that an interface has', () =>
    expect(at('exit')).to.deep.equal([
      'exit-web all',
      'exit-access 10.45.0.1/32',
      'exit-access fd45::1/128',
      'exit-web 10.45.0.1/32',
    ]));

  it('has nothing of a client, or of who knows no tunnel', () =>
    expect([...at('client'), ...at('server')]).to.deep.equal([]));
});
