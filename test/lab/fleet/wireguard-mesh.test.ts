import { expect } from 'chai';
import fc from 'fast-check';
import { parsePrefix, prefixContains, parseIp } from '../../../src/base/addresses.ts';
import { planMesh } from '../../../src/lab/fleet/wireguard-mesh.ts';
import type { PlanNetwork } from '../../../src/model/plan.ts';
import { UPLINK_RANGES } from '../../../src/model/uplink.ts';

const network = (machines: readonly string[], ...subnets: string[]): PlanNetwork => ({
  ...{ name: 'net', kind: 'bridge', subnets, mtu: 1350, isolated: true, uplink: false },
  ...{ gateway: [], members: [] },
  trunks: machines.map((machine) => ({
    ...{ machine, interface: 'trunk', vni: 0 },
    peers: machines.filter((other) => other !== machine),
  })),
});
const machines = (count: number): { name: string; address: string; port: number }[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ name: `m${index}`, address: `2001:db8::${index.toString(16)}`, port: 51820 + index },
  }));
const namesOf = (count: number): string[] => machines(count).map(({ name }) => name);

function isWithin(subnet: string, address: string): boolean {
  const [prefix, parsed] = [parsePrefix(subnet), parseIp(address)];
  return prefix.ok && parsed.ok && prefixContains(prefix.value, parsed.value);
}

describe('lab/fleet/wireguard-mesh', () => {
  it('planMesh() tells each machine who the others are', () => {
    let count = 0;
    const keys = () => ({ privateKey: `private${count}`, publicKey: `public${count++}` });
    const mesh = planMesh(machines(2), { networks: [network(namesOf(2))] }, keys);
    expect(Object.fromEntries(mesh)).to.deep.equal({
      m0: {
        own: '198.18.1.1',
        peers: { m1: '198.18.1.2' },
        wireguard: {
          ...{ privateKey: 'private0', port: 51820 },
          peers: [
            {
              ...{ machine: 'm1', publicKey: 'public1' },
              endpoint: { address: '2001:db8::1', port: 51821 },
            },
          ],
        },
      },
      m1: {
        own: '198.18.1.2',
        peers: { m0: '198.18.1.1' },
        wireguard: {
          ...{ privateKey: 'private1', port: 51821 },
          peers: [
            {
              ...{ machine: 'm0', publicKey: 'public0' },
              endpoint: { address: '2001:db8::0', port: 51820 },
            },
          ],
        },
      },
    });
  });

  it('planMesh() makes peers of machines that share a network, and leaves out those that share none', () => {
    const networks = [network(['m0', 'm1']), network(['m1', 'm2'])];
    const mesh = planMesh(machines(4), { networks });
    expect([...mesh].map(([name, { peers }]) => [name, ...Object.keys(peers)])).to.deep.equal([
      ['m0', 'm1'],
      ['m1', 'm0', 'm2'],
      ['m2', 'm1'],
    ]);
  });

  it('planMesh() gives addresses of their own to any number of machines, outside of what the plan has', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 40 }),
        fc.subarray(['198.18.0.0/15', '198.18.1.0/29', '100.64.0.0/16', '10.0.0.0/8', 'fd00::/8']),
        (count, subnets) => {
          const mesh = planMesh(machines(count), {
            networks: [network(namesOf(count), ...subnets)],
          });
          const addresses = [...mesh.values()].map(({ own }) => own);
          expect(new Set<string>(addresses).size).to.equal(count);
          for (const address of addresses)
            for (const taken of [...subnets, ...UPLINK_RANGES])
              expect(isWithin(taken, address), `${address} in ${taken}`).to.equal(false);
        },
      ),
    ));

  it('planMesh() takes hundreds of machines', () => {
    const mesh = planMesh(machines(300), { networks: [network(namesOf(300))] });
    expect(mesh.get('m299')?.peers['m0']).to.equal('198.18.2.1');
  });

  it('planMesh() says so when the plan leaves no range', () =>
    expect(() => planMesh(machines(2), { networks: [network(namesOf(2), '0.0.0.0/0')] })).to.throw(
      'leave no addresses for the WireGuard mesh of 2 machines',
    ));
});
