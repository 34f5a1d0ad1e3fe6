import { expect } from 'chai';
import type { Plan, StepAction } from '../../../../src/model/plan.ts';
import { renderPlan } from '../../../../src/scenario/render-plan.ts';
import { planOf } from '../../compile-text.ts';

const lab = (bundle: string, subnets = '10.10.1.0/24'): string => `version: 1
name: lab
hosts: { client: {}, p1: {}, p2: {}, server: {} }
networks:
  access: { subnet: [${subnets}], members: [client, p1, p2] }
  web: { subnet: 10.10.2.0/24, members: [p1, p2, server] }
tunnels:
  one: { wireguard: { client: client, server: p1 } }
  two: { wireguard: { client: client, server: p2 } }
  quic: { over: [one, two], ${bundle} }
`;

const own = ({ steps }: Plan): StepAction[] =>
  steps.filter(({ id }) => id.startsWith('tunnel:quic:')).map((step) => step.do);

const routes = (plan: Plan): string[] =>
  own(plan).flatMap((action) =>
    action.kind === 'route'
      ? [`${action.route.table} ${action.route.kind} ${action.route.to} ${action.route.interface}`]
      : [],
  );

const rules = (plan: Plan): string[] =>
  own(plan).flatMap((action) => {
    if (action.kind !== 'rule') return [];
    const { family, priority, not, from, to, fwmark, table } = action.rule;
    const words = [family, priority, not && 'not', from, to, fwmark, table];
    return [words.filter((word) => word !== undefined).join(' ')];
  });

describe('resolveBundles()', () => {
  it('leads what is chosen into the first, behind an end of the table, and counts what leaves otherwise', () => {
    const plan = planOf(lab('route: [server], migrate: { policy: round-robin, every: 50ms }'));
    expect(plan.bundles).to.have.length(1);
    expect(plan.bundles?.[0]).to.deep.include({
      ...{ name: 'quic', client: 'client', over: ['one', 'two'], connections: 'move' },
      routed: ['10.10.2.3/32'],
    });
    expect(plan.bundles?.[0]?.migration).to.deep.include({
      ...{ table: 51_821, families: [4], policy: 'round-robin', atStart: true },
    });
    expect(rules(plan)).to.deep.equal(['4 200 10.10.2.3/32 51821']);
    expect(routes(plan)).to.deep.equal([
      '51821 unreachable 0.0.0.0/0 lo',
      '51821 unicast 0.0.0.0/0 one',
    ]);
    expect(own(plan).at(-1)).to.deep.equal({
      ...{ kind: 'leak-counter', node: 'client' },
      leak: {
        ...{ tunnel: 'quic', interfaces: ['one', 'two'] },
        routed: { prefixes: ['10.10.2.3/32'], marks: { low: 51_820, high: 51_823 } },
      },
    });
  });

  it('has one address at the client on all that connections move between, and marks as CoMPS does', () => {
    const { tunnels = [] } = planOf(lab('route: [server]'));
    expect(tunnels.map(({ client }) => client.addresses[0])).to.deep.equal([
      ...['10.45.0.1/32', '10.45.0.1/32'],
    ]);
    expect(tunnels.map(({ client }) => client.fwmark)).to.deep.equal([51_821, 51_821]);
    expect(tunnels.every(({ client }) => client.allowed.includes('0.0.0.0/0'))).to.equal(true);
  });

  it('closes each family of the client where all goes by it, and moves those that the tunnels carry', () => {
    const four = planOf(lab('route: default', '10.10.1.0/24'));
    expect(rules(four)).to.deep.equal(['4 201 not 51820 51821']);
    const both = planOf(lab('migrate: { policy: uniform }', '10.10.1.0/24, "fd00:1::/64"'));
    expect(both.bundles?.[0]?.migration.families).to.deep.equal([4, 6]);
    expect(rules(both)).to.deep.equal(['4 201 not 51820 51821', '6 201 not 51820 51821']);
    expect(routes(both).filter((text) => text.includes('one'))).to.deep.equal([
      ...['51821 unicast 0.0.0.0/0 one', '51821 unicast ::/0 one'],
    ]);
  });

  it('gives each tunnel an address and a table that its sockets stay with', () => {
    const plan = planOf(lab('route: [server], connections: stay'));
    expect(plan.tunnels?.map(({ client }) => client.addresses[0])).to.deep.equal([
      ...['10.45.0.1/32', '10.45.1.1/32'],
    ]);
    expect(rules(plan)).to.deep.equal([
      ...['4 200 10.10.2.3/32 51829', '4 150 10.45.0.1/32 51820', '4 150 10.45.1.1/32 51824'],
    ]);
    expect(routes(plan).slice(2)).to.deep.equal([
      ...['51820 unreachable 0.0.0.0/0 lo', '51820 unicast 0.0.0.0/0 one'],
      ...['51824 unreachable 0.0.0.0/0 lo', '51824 unicast 0.0.0.0/0 two'],
    ]);
  });

  it('is shown by the plan with its rules', () => {
    const text = renderPlan(planOf(lab('route: [server], migrate: { policy: uniform }')));
    for (const line of [
      '  quic  client -> 10.10.2.3/32  over one, two',
      '    migrates uniform, every 200 ms; connections move',
      '    from all to 10.10.2.3/32 lookup 51821',
    ])
      expect(text.split('\n')).to.include(line);
  });
});
