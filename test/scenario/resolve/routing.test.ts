import { expect } from 'chai';
import type { Plan } from '../../../src/model/plan.ts';
import { planOf } from '../compile-text.ts';

const lab = (hosts: string, networks: string, rest = ''): Plan =>
  planOf(`version: 1\nname: lab\nhosts: { ${hosts} }\nnetworks:\n${networks}${rest}`);

/** `10.0.2.0/24 via 10.0.1.2 dev a-one`; connected prefixes have no via. */
function routesOf(plan: Plan, name: string): string[] {
  const node = plan.nodes.find((item) => item.name === name);
  return (node?.routes ?? []).map(
    ({ to, via, interface: device, table, kind }) =>
      `${kind === 'unicast' ? '' : `${kind} `}${to}${via === undefined ? '' : ` via ${via}`} dev ${device}${table === 'main' ? '' : ` table ${table}`}`,
  );
}

const CHAIN = `  one: { subnet: 10.0.1.0/24, members: [a, b] }
  two: { subnet: 10.0.2.0/24, members: [b, c] }
  three: { subnet: 10.0.3.0/24, members: [c, d] }
`;

describe('deriveRoutes()', () => {
  it('leads along a chain of routers, both ways', () => {
    const plan = lab('a: {}, b: {}, c: {}, d: {}', CHAIN);
    expect(routesOf(plan, 'a')).to.deep.equal([
      '10.0.1.0/24 dev a-one',
      '10.0.2.0/24 via 10.0.1.2 dev a-one',
      '10.0.3.0/24 via 10.0.1.2 dev a-one',
    ]);
    expect(routesOf(plan, 'c')).to.deep.equal([
      '10.0.2.0/24 dev c-two',
      '10.0.3.0/24 dev c-three',
      '10.0.1.0/24 via 10.0.2.1 dev c-two',
    ]);
  });

  it('takes the path over fewest networks, and of equal ones the first of the file', () => {
    const networks = `  near: { subnet: 10.0.1.0/24, members: [a, x, y] }
  long: { subnet: 10.0.2.0/24, members: [x, z] }
  far: { subnet: 10.0.3.0/24, members: [z, y, d] }
  twin: { subnet: 10.0.4.0/24, members: [x, y] }
`;
    const plan = lab('a: {}, d: {}, x: {}, y: {}, z: {}', networks);
    expect(routesOf(plan, 'a')).to.include('10.0.3.0/24 via 10.0.1.3 dev a-near');
    expect(routesOf(plan, 'a')).to.include('10.0.4.0/24 via 10.0.1.2 dev a-near');
  });

  it('goes around a host that does not forward', () => {
    const plan = lab('a: {}, b: { forwarding: false }, c: {}, d: {}', CHAIN);
    expect(routesOf(plan, 'a')).to.deep.equal(['10.0.1.0/24 dev a-one']);
  });

  it('routes each family over the networks that have it', () => {
    const networks = `  one: { subnet: ["fd00:1::/64", 10.0.1.0/24], members: [a, b] }
  two: { subnet: "fd00:2::/64", members: [b, c] }
`;
    const plan = lab('a: {}, b: {}, c: {}', networks);
    expect(routesOf(plan, 'c')).to.deep.equal([
      'fd00:2::/64 dev c-two',
      'fd00:1::/64 via fd00:2::1 dev c-two',
    ]);
  });

  it('leads what is not of the lab to an uplink', () => {
    const networks = `  lan: { subnet: 10.0.1.0/24, members: [a, gate] }
  wan: { subnet: 10.0.2.0/24, members: [gate], uplink: true }
`;
    const plan = lab('a: {}, gate: {}', networks);
    expect(routesOf(plan, 'a')).to.include('0.0.0.0/0 via 10.0.1.2 dev a-lan');
    expect(routesOf(plan, 'gate')).to.include('0.0.0.0/0 via 10.0.2.254 dev gate-wan');
    expect(plan.networks[1]).to.deep.include({
      kind: 'bridge',
      gateway: ['10.0.2.254/24'],
      isolated: false,
    });
    expect(plan.steps.at(-1)?.do).to.deep.equal({ kind: 'uplink', network: 'wan' });
  });

  it('gives way to written routes', () => {
    const rest = `routes:
  - { on: a, to: three, via: b, table: 7 }
  - { on: a, to: two, via: 10.0.1.2, metric: 5 }
  - { on: d, to: one, kind: blackhole }
  - { on: d, to: default, via: c }
`;
    const plan = lab('a: {}, b: {}, c: {}, d: {}', CHAIN, rest);
    expect(routesOf(plan, 'a')).to.deep.equal([
      '10.0.1.0/24 dev a-one',
      '10.0.2.0/24 via 10.0.1.2 dev a-one',
      '10.0.3.0/24 via 10.0.1.2 dev a-one',
      '10.0.3.0/24 via 10.0.1.2 dev a-one table 7',
      '10.0.2.0/24 via 10.0.1.2 dev a-one',
    ]);
    expect(routesOf(plan, 'd')).to.deep.equal([
      '10.0.3.0/24 dev d-three',
      '10.0.2.0/24 via 10.0.3.1 dev d-three',
      'blackhole 10.0.1.0/24 dev lo',
      '0.0.0.0/0 via 10.0.3.1 dev d-three',
    ]);
  });
});

describe('writtenRules()', () => {
  it('makes a rule of each family that fits, in the order of the file', () => {
    const networks = `  one: { subnet: ["fd00:1::/64", 10.0.1.0/24], members: [a, b] }
  two: { subnet: ["fd00:2::/64", 10.0.2.0/24], members: [b, c] }
`;
    const rest = `routes: [{ on: b, to: default, via: c, table: 100 }]
rules:
  - { on: b, from: one, table: 100 }
  - { on: b, to: 10.9.0.0/16, fwmark: 7, table: 100, priority: 50 }
nat: [{ on: b, out: two, masquerade: true }]
`;
    const node = lab('a: {}, b: {}, c: {}', networks, rest).nodes[1];
    expect(node?.rules).to.deep.equal([
      { family: 4, priority: 1000, from: '10.0.1.0/24', table: 100 },
      { family: 6, priority: 1000, from: 'fd00:1::/64', table: 100 },
      { family: 4, priority: 50, to: '10.9.0.0/16', fwmark: 7, table: 100 },
    ]);
    expect(node?.nat).to.deep.equal([{ interface: 'b-two', masquerade: true }]);
  });
});
