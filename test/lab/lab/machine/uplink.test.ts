import { expect } from 'chai';
import { uplinkArgv } from '../../../../src/lab/machine/uplink.ts';
import { hasUplink, uplinkRange } from '../../../../src/model/uplink.ts';
import type { Plan } from '../../../../src/model/plan.ts';
import { starPlan } from '../plans.ts';

const withSubnets = (...subnets: string[]): Plan => ({
  ...starPlan(1),
  networks: [
    {
      name: 'n',
      kind: 'bridge',
      subnets,
      mtu: 1500,
      isolated: true,
      uplink: false,
      gateway: [],
      members: [],
    },
  ],
});

describe('uplinkArgv()', () => {
  it('keeps the loopback of the machine closed and ends with the lab', () =>
    expect(uplinkArgv(42, '198.18.0.0/24')).to.include.members([
      '--disable-host-loopback',
      '--exit-fd=4',
      '--cidr=198.18.0.0/24',
      '42',
    ]));
});

describe('uplinkRange()', () => {
  it('stays clear of the networks of the plan', () => {
    const range = uplinkRange(withSubnets('198.18.0.0/25', 'fd00::/64'));
    expect(range?.address.bytes.join('.')).to.equal('198.19.255.0');
  });

  it('is undefined when they take everything', () =>
    expect(uplinkRange(withSubnets('0.0.0.0/0'))).to.equal(undefined));
});

describe('hasUplink()', () => {
  it('is false unless a step asks for one', () => expect(hasUplink(starPlan(2))).to.equal(false));
});
