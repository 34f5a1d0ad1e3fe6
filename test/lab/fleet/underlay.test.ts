import { expect } from 'chai';
import { Fault } from '../../../src/base/fault.ts';
import type { Fleet } from '../../../src/lab/fleet/fleet.ts';
import type { Part } from '../../../src/lab/fleet/part.ts';
import { planUnderlays } from '../../../src/lab/fleet/underlay.ts';
import type { PlanMachine, PlanUnderlay } from '../../../src/model/machine.ts';
import { LOCAL, OWN_CLOCK } from '../../../src/model/machine.ts';
import type { Plan } from '../../../src/model/plan.ts';

const PLAIN: PlanUnderlay = { address: null, wireguard: null };

interface Reached {
  /** Its own address, as it sees it, and ours. */
  readonly address: string;
  readonly peer: string;
}

/** A part of which only what the underlay is about is there. */
function partOn(name: string, underlay: PlanUnderlay, reached?: Reached): Part {
  const machine: PlanMachine = { ...LOCAL, name, underlay };
  const nobody = (): never => {
    throw new Error('No agent is asked');
  };
  return {
    machine,
    labId: 'abcdef01',
    session: {} as Part['session'],
    ...(reached && { far: { machine: { facts: reached }, agent: {}, watch: {} } as Part['far'] }),
    clock: () => OWN_CLOCK,
    kill: nobody,
    release: nobody,
  } as Part;
}

const fleetOf = (...parts: readonly Part[]): Fleet => ({
  labId: 'abcdef01',
  parts,
  folder: '',
  onProgress: () => undefined,
});

/** A plan with one network across these machines. */
const planAcross = (...machines: readonly string[]): Plan =>
  ({
    networks: [
      {
        name: 'wide',
        subnets: ['10.9.0.0/24'],
        members: [],
        trunks: machines.map((machine) => ({
          machine,
          interface: 'x1',
          vni: 0,
          peers: machines.filter((other) => other !== machine),
        })),
      },
    ],
  }) as unknown as Plan;

function faultOf(action: () => unknown): Fault {
  try {
    action();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('Expected a fault, found none');
}

describe('planUnderlays()', () => {
  const edge = partOn('edge', PLAIN, { address: '192.0.2.7', peer: '127.0.0.1' });
  const core = partOn(
    'core',
    { ...PLAIN, address: '192.0.2.8' },
    { address: '198.51.100.1', peer: '' },
  );

  it('takes what the scenario writes, else the address at which ssh reached a machine', () => {
    const { addresses, orders } = planUnderlays(fleetOf(edge, core), planAcross('edge', 'core'));
    expect([...addresses]).to.deep.equal([
      ['edge', '192.0.2.7'],
      ['core', '192.0.2.8'],
    ]);
    expect(orders.get('edge')).to.deep.equal({
      vniBase: 0xabcdef,
      own: '192.0.2.7',
      peers: { core: '192.0.2.8' },
    });
  });

  it('takes for this machine the address from which it reached another', () => {
    const { addresses } = planUnderlays(
      fleetOf(partOn('local', PLAIN), edge),
      planAcross('local', 'edge'),
    );
    expect(addresses.get('local')).to.equal('127.0.0.1');
  });

  it('refuses an address of this machine that it does not have', () => {
    const far = partOn('far', PLAIN, { address: '192.0.2.9', peer: '203.0.113.77' });
    const fault = faultOf(() =>
      planUnderlays(fleetOf(partOn('local', PLAIN), far), planAcross('local', 'far')),
    );
    expect(fault.kind).to.equal('machine');
    expect(fault.message).to.contain('"203.0.113.77"').and.contain('address translation');
    expect(fault.help).to.contain('machines: { local: { underlay: ADDRESS } }');
  });

  it('refuses two machines at one address, and addresses of two families', () => {
    const twin = partOn('twin', { ...PLAIN, address: '192.0.2.7' }, { address: '', peer: '' });
    expect(
      faultOf(() => planUnderlays(fleetOf(edge, twin), planAcross('edge', 'twin'))).message,
    ).to.contain('"edge" and "twin" have the same underlay address 192.0.2.7');
    const six = partOn('six', { ...PLAIN, address: '2001:db8::6' }, { address: '', peer: '' });
    expect(faultOf(() => planUnderlays(fleetOf(edge, six), planAcross('edge', 'six'))).message)
      .to.contain('IPv4')
      .and.contain('IPv6');
  });

  it('asks nothing of machines that share no network', () => {
    const { addresses, orders } = planUnderlays(fleetOf(edge, core), planAcross());
    expect(addresses.size + orders.size).to.equal(0);
  });

  it('gives machines with WireGuard addresses within their mesh', () => {
    const wireguard = { port: 51820 };
    const left = partOn('left', { address: '192.0.2.1', wireguard }, { address: '', peer: '' });
    const right = partOn('right', { address: '192.0.2.2', wireguard }, { address: '', peer: '' });
    const { addresses, orders } = planUnderlays(fleetOf(left, right), planAcross('left', 'right'));
    expect(addresses.get('left')).to.equal('192.0.2.1');
    const order = orders.get('left');
    expect(order?.own).to.not.equal('192.0.2.1');
    expect(order?.wireguard?.peers).to.have.length(1);
    expect(order?.wireguard?.peers[0]?.endpoint).to.deep.equal({
      address: '192.0.2.2',
      port: 51820,
    });
  });
});
