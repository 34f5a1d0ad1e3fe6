import { expect } from 'chai';
import { machineNetworkUse } from '../../src/model/machine-network.ts';
import type { Plan } from '../../src/model/plan.ts';
import { planOf } from '../scenario/compile-text.ts';

describe('machineNetworkUse()', () => {
  const plan: Plan = planOf(`version: 1
name: lab
hosts: { nic: { network: machine }, b: {} }
networks: { lan: { subnet: 10.1.0.0/24, members: [nic, b] } }
traffic: [{ name: serve, on: nic, serve: { http: {} } }]
captures: [nic, { on: nic, interface: eth0 }]
`);

  it('says each thing that is touched', () => {
    expect(machineNetworkUse(plan)).to.deep.equal([
      'ADDS THE INTERFACE nic-lan TO THE STACK OF THE MACHINE local',
      'ADDS THE ADDRESS 10.1.0.1/24 ON nic-lan TO THE STACK OF THE MACHINE local',
      'LISTENS ON 10.1.0.1 PORT 80 IN THE STACK OF THE MACHINE local: serve',
      'CAPTURES EVERY PACKET ON eth0 OF THE STACK OF THE MACHINE local',
    ]);
  });

  it('says that a script is played there, by whichever party', () => {
    const script = planOf(`version: 1
name: lab
hosts: { nic: { network: machine }, b: {} }
networks: { lan: { subnet: 10.1.0.0/24, members: [nic, b] } }
traffic: [{ name: talk, between: [b, nic:9000], script: [{ b: { send: a } }] }]
`);
    expect(machineNetworkUse(script)).to.include(
      'PLAYS A SCRIPT IN THE STACK OF THE MACHINE local: talk',
    );
  });

  it('says nothing of a lab that keeps to itself', () => {
    expect(machineNetworkUse(planOf('version: 1\nname: lab\nhosts: { a: {} }'))).to.deep.equal([]);
  });
});
