import { expect } from 'chai';
import { planOf } from '../compile-text.ts';

const PUBLISHING = `version: 1
name: lab
hosts: { outside: {}, machine: {}, left: {}, right: {} }
networks:
  lan: { subnet: 10.191.7.0/24, members: [outside, machine] }
  docker: { subnet: 192.168.1.0/24, bridge: machine, members: [machine, left, right] }
`;

describe('hostBridgeSteps()', () => {
  const { steps, networks, nodes } = planOf(PUBLISHING);

  it("joins the members in the host's stack, under the host's interface", () =>
    expect(
      steps
        .filter(({ id }) => id.includes('docker') || id.startsWith('address:machine'))
        .map(({ command }) => command),
    ).to.deep.equal([
      'ip link add left-docker address 02:00:00:00:00:04 mtu 1500 netns left type veth peer name p2_2 address 06:00:00:00:00:01 mtu 1500 netns machine',
      'ip link add right-docker address 02:00:00:00:00:05 mtu 1500 netns right type veth peer name p2_3 address 06:00:00:00:00:02 mtu 1500 netns machine',
      'ip -n machine link add machine-docker address 02:00:00:00:00:03 type bridge',
      'ip -n machine link set p2_2 master machine-docker',
      'ip -n machine link set p2_3 master machine-docker',
      'ip -n machine address add 10.191.7.2/24 dev machine-lan',
      'ip -n machine address add 192.168.1.1/24 dev machine-docker',
    ]));

  it('leaves the host a router with an address', () => {
    expect(networks.find(({ name }) => name === 'docker')).to.include({
      kind: 'bridge',
      bridge: 'machine',
    });
    expect(nodes.find(({ name }) => name === 'machine')).to.include({ forwarding: true });
  });
});
