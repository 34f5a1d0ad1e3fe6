import { expect } from 'chai';
import type { Plan } from '../../../../src/model/plan.ts';
import type { PlanTunnel } from '../../../../src/model/tunnel.ts';
import { compileText, mustPlan, planOf } from '../../compile-text.ts';

const LAB = `version: 1
name: lab
hosts: { client: {}, other: {}, p1: {}, p2: {}, exit: {} }
networks:
  access: { subnet: [10.10.1.0/24, fd00:1::/64], members: [client, other, p1, p2] }
  backbone: { subnet: [10.10.2.0/24, fd00:2::/64], members: [p1, p2, exit] }
`;

const wireguard = (client: string, server: string, more = ''): string =>
  `wireguard: { client: ${client}, server: ${server}${more} }`;

/** A scenario with these tunnels, by name. */
const lab = (tunnels: Readonly<Record<string, string>>, more = ''): string =>
  `${LAB}${more}tunnels:\n${Object.entries(tunnels)
    .map(([name, text]) => `  ${name}: { ${text} }\n`)
    .join('')}`;

const tunnel = ({ tunnels = [] }: Plan, name: string): PlanTunnel => {
  const found = tunnels.find((one) => one.name === name);
  if (found === undefined) throw new Error(`The plan has no tunnel "${name}"`);
  return found;
};

const COMPS = {
  wg0: `${wireguard('client', 'exit')}, over: [wgnet1, wgnet2]`,
  wgnet1: wireguard('client', 'p1'),
  wgnet2: wireguard('client', 'p2'),
};

describe('resolveTunnels()', () => {
  it('puts what carries others before them', () =>
    expect(planOf(lab(COMPS)).tunnels?.map(({ name }) => name)).to.deep.equal([
      ...['wgnet1', 'wgnet2', 'wg0'],
    ]));

  it('goes over none that is switched off', () => {
    const plan = planOf(lab({ ...COMPS, wgnet1: `${COMPS.wgnet1}, when: false` }));
    expect(tunnel(plan, 'wg0').over).to.deep.equal(['wgnet2']);
  });

  it('marks as CoMPS does, and gives all that carry one the same address at its client', () => {
    const plan = planOf(lab(COMPS));
    const [wgnet1, wgnet2, wg0] = ['wgnet1', 'wgnet2', 'wg0'].map((name) => tunnel(plan, name));
    expect([wgnet1, wgnet2, wg0].map((one) => one?.client.fwmark)).to.deep.equal([
      ...[51_821, 51_821, 51_820],
    ]);
    expect(wgnet1?.client.addresses).to.deep.equal(['10.45.0.1/32', 'fd45::1/128']);
    expect(wgnet2?.client.addresses).to.deep.equal(wgnet1?.client.addresses);
    expect(wgnet2?.server.addresses).not.to.deep.equal(wgnet1?.server.addresses);
    expect(wg0?.client.addresses).to.deep.equal(['10.45.1.1/32', 'fd45:0:0:1::1/128']);
    expect(wg0?.migration).to.deep.include({ policy: 'none', table: 51_821, families: [4] });
    expect(wgnet1?.migration).to.equal(null);
  });

  it('derives what fits whole through three tunnels, one within the other', () => {
    const plan = planOf(
      lab({
        outer: wireguard('client', 'p1'),
        middle: `${wireguard('client', 'p2')}, over: outer`,
        inner: `${wireguard('client', 'exit')}, over: middle`,
      }),
    );
    const found = ['outer', 'middle', 'inner'].map((name) => tunnel(plan, name));
    expect(found.map(({ mtu }) => mtu)).to.deep.equal([1440, 1380, 1320]);
    expect(found.map(({ client }) => client.fwmark)).to.deep.equal([51_821, 51_820, 51_824]);
  });

  it('takes 80 bytes for a tunnel in IPv6 that carries IPv4, and 60 for the reverse', () => {
    const plan = planOf(
      lab({
        six: wireguard('client', 'p1', ', family: 6, ipv6: false'),
        four: wireguard('client', 'p2', ', family: 4, ipv6: true'),
      }),
    );
    const six = tunnel(plan, 'six');
    expect(six).to.include({ mtu: 1420 });
    expect(six.client).to.deep.include({
      endpoint: { address: 'fd00:1::3', port: 51_820 },
      addresses: ['10.45.0.1/32'],
    });
    const four = tunnel(plan, 'four');
    expect(four).to.include({ mtu: 1440 });
    expect(four.client.addresses).to.deep.equal(['10.45.1.1/32', 'fd45:0:0:1::1/128']);
  });

  it('goes to an address of the server that is reached from where all its carriers end', () => {
    const { client } = tunnel(planOf(lab(COMPS)), 'wg0');
    expect(client.endpoint).to.deep.equal({ address: '10.10.2.3', port: 51_820 });
  });

  it('counts ports up on each host', () => {
    const plan = planOf(
      lab({
        one: wireguard('client', 'exit'),
        two: wireguard('client', 'exit'),
        three: wireguard('client', 'exit', ', port: 51820'),
      }),
    );
    const found = ['one', 'two', 'three'].map((name) => tunnel(plan, name));
    expect(found.map(({ server }) => server.port)).to.deep.equal([51_821, 51_822, 51_820]);
    expect(found.map(({ client }) => client.port)).to.deep.equal([51_820, 51_821, 51_822]);
  });

  it('leaves out subnets that a network has', () => {
    const taken = LAB.replace('10.10.2.0/24', '10.45.0.0/23');
    const text = `${taken}tunnels: { wg: { ${wireguard('client', 'p1')} } }\n`;
    expect(tunnel(planOf(text), 'wg').server.addresses[0]).to.equal('10.45.2.2/32');
  });

  it('lets a probe go to an address within a tunnel, and to what goes by one', () => {
    const traffic = `traffic:
  - { name: within, from: client, to: "10.45.0.2:80", probe: { tcp: {} } }
  - { name: back, from: exit, to: "10.45.0.1:80", probe: { tcp: {} } }
  - { name: beyond, from: client, to: "192.0.2.1:80", probe: { tcp: {} } }
`;
    const way = { wg: `${wireguard('client', 'exit')}, route: default` };
    const { diagnostics } = compileText(lab(way, traffic));
    expect(diagnostics.map(({ message }) => message)).to.deep.equal([]);
  });

  it('captures the ends of tunnels with the interfaces of a host', () => {
    const { captures } = planOf(lab(COMPS, 'captures: [client, { on: exit, network: wg0 }]\n'));
    expect(captures.map(({ file }) => file)).to.deep.equal([
      'captures/client.access.pcap',
      'captures/client.wgnet1.pcap',
      'captures/client.wgnet2.pcap',
      'captures/client.wg0.pcap',
      'captures/exit.wg0.pcap',
    ]);
  });

  it('waits with its migration for the entry that starts it', () => {
    const migrating = { ...COMPS, wg0: `${COMPS.wg0}, migrate: { policy: uniform }` };
    const begins = (traffic: string): boolean | undefined =>
      tunnel(planOf(lab(migrating, traffic)), 'wg0').migration?.atStart;
    expect(begins('')).to.equal(true);
    expect(begins('traffic: [{ name: stop, tunnel: wg0, enabled: false }]\n')).to.equal(true);
    expect(begins('traffic: [{ name: go, tunnel: wg0, enabled: true }]\n')).to.equal(false);
  });

  it('reads a trace', () => {
    const traced = { ...COMPS, wg0: `${COMPS.wg0}, migrate: { policy: trace, file: way.txt }` };
    const files = { 'way.txt': '# ms, tunnel\n0 wgnet2\n12.5, wgnet1 # back\n' };
    const plan = mustPlan(compileText(lab(traced), files));
    expect(tunnel(plan, 'wg0').migration?.trace).to.deep.equal([
      { at: 0, to: 'wgnet2' },
      { at: 12.5, to: 'wgnet1' },
    ]);
  });
});
