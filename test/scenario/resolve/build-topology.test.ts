import { expect } from 'chai';
import fc from 'fast-check';
import type { Plan, PlanMember } from '../../../src/model/plan.ts';
import { uniqueName } from '../../../src/scenario/resolve/interface-names.ts';
import { compileText, planOf } from '../compile-text.ts';

const lab = (hosts: string, networks: string): Plan =>
  planOf(`version: 1\nname: lab\nhosts: { ${hosts} }\nnetworks:\n${networks}`);

const membersOf = (plan: Plan, network: string): readonly PlanMember[] =>
  plan.networks.find(({ name }) => name === network)?.members ?? [];

describe('resolveTopology()', () => {
  it('derives prefixes around those that are written', () => {
    const networks = `  a: { members: [x, y] }
  b: { subnet: 10.0.1.0/24, members: [x, y] }
  c: { members: [x, y], ipv6: true }
  d: { subnet: "fd00::/64", members: [x, y] }
`;
    const subnets = lab('x: {}, y: {}', networks).networks.map((network) => network.subnets);
    expect(subnets).to.deep.equal([
      ['10.0.0.0/24'],
      ['10.0.1.0/24'],
      ['10.0.2.0/24', 'fd00:0:0:1::/64'],
      ['fd00::/64'],
    ]);
  });

  it('gives members the first free addresses, around those that are written', () => {
    const networks = `  a:
    subnet: [10.0.0.0/29, "fd00::/64"]
    members: { x: {}, y: { address: 10.0.0.2 }, z: { address: ["fd00::1", 10.0.0.6] }, w: {} }
`;
    const addresses = membersOf(lab('x: {}, y: {}, z: {}, w: {}', networks), 'a').map(
      (m) => m.addresses,
    );
    expect(addresses).to.deep.equal([
      ['10.0.0.1/29', 'fd00::2/64'],
      ['10.0.0.2/29', 'fd00::3/64'],
      ['fd00::1/64', '10.0.0.6/29'],
      ['10.0.0.3/29', 'fd00::4/64'],
    ]);
  });

  it('uses both addresses of a point-to-point prefix (RFC 3021, RFC 6164)', () => {
    const networks = '  a: { subnet: [10.0.0.0/31, "fd00::/127"], members: [x, y] }\n';
    expect(membersOf(lab('x: {}, y: {}', networks), 'a').map((m) => m.addresses)).to.deep.equal([
      ['10.0.0.0/31', 'fd00::/127'],
      ['10.0.0.1/31', 'fd00::1/127'],
    ]);
  });

  it('joins two by a veth pair, more by a bridge, and impaired ones by a switch', () => {
    const networks = `  two: { members: [x, y] }
  three: { members: [x, y, z] }
  slow: { members: { x: { delay: 5ms }, y: {} } }
`;
    const plan = lab('x: {}, y: {}, z: {}', networks);
    expect(plan.networks.map(({ kind }) => kind)).to.deep.equal(['veth', 'bridge', 'switch']);
    expect(membersOf(plan, 'two').every(({ port }) => port === undefined)).to.equal(true);
    expect(membersOf(plan, 'slow').map(({ impairment }) => impairment?.delay)).to.deep.equal([
      5,
      undefined,
    ]);
    const masters = plan.steps.flatMap((step) =>
      step.do.kind === 'veth' ? [step.do.right.master ?? null] : [],
    );
    expect(masters).to.deep.equal([null, 'br-three', 'br-three', 'br-three', null, null]);
  });

  it('takes what a host overrides of its interface', () => {
    const hosts =
      'x: { interfaces: { a: { name: eth0, mac: "02:00:00:00:00:99", mtu: 1400, offload: true } } }, y: {}';
    const plan = lab(hosts, '  a: { members: [x, y] }\n');
    expect(plan.nodes[0]?.interfaces[0]).to.deep.equal({
      name: 'eth0',
      network: 'a',
      mac: '02:00:00:00:00:99',
      mtu: 1400,
      addresses: ['10.0.0.1/24'],
      offload: true,
    });
    expect(plan.steps.find(({ id }) => id === 'veth:a')?.do).to.deep.include({
      mtu: 1400,
      offload: false,
    });
  });

  it('sums up what a member does to its frames', () => {
    const networks = `  a:
    members: { x: { loss: 5% }, y: {} }
    delay: { x: 5ms, y: 20ms }
    jitter: 1ms
    loss: 0.1%
    rate: 10mbit
`;
    const [x, y] = membersOf(lab('x: {}, y: {}', networks), 'a');
    expect(x?.impairment).to.deep.equal({
      ...{
        delay: 5,
        jitter: 1,
        lossRatio: 0.05,
        duplicateRatio: 0,
        reorderRatio: 0,
        corruptRatio: 0,
      },
      ...{ rate: 10_000_000, queue: 125_000 },
    });
    expect(y?.impairment).to.include({ delay: 20, lossRatio: 0.001 });
  });

  it('lets the kernel forward where NAT or policy routing must apply to what a censor sees', () => {
    const text = (extra: string, position = 'in-path'): string => `version: 1
name: lab
hosts: { a: {}, m: {}, b: {} }
networks: { one: { members: [a, m] }, two: { members: [m, b] } }
censor: { on: m, position: ${position}, rules: [{ match: {}, action: reset }] }
${extra}`;
    const pathOf = (plan: Plan): unknown[] => [
      plan.nodes[1]?.path,
      ...plan.steps.flatMap((step) => (step.do.kind === 'path' ? [step.do.path] : [])),
    ];
    expect(pathOf(planOf(text('')))).to.deep.equal(['ring', 'ring']);
    expect(pathOf(planOf(text('', 'on-path')))).to.deep.equal(['kernel', 'copy']);
    expect(pathOf(planOf(text('nat: [{ on: m, out: two }]')))).to.deep.equal([
      'nfqueue',
      'nfqueue',
    ]);
    const forwards = (plan: Plan): unknown =>
      plan.steps.find(({ id }) => id === 'sysctl:m:net.ipv4.ip_forward')?.do;
    expect(forwards(planOf(text('')))).to.include({ value: '0' });
    expect(forwards(planOf(text('', 'on-path')))).to.include({ value: '1' });
  });

  it('lets the kernel forward on a member of an uplink, whose gateway has no MAC in the plan', () => {
    const text = (uplink: string): string => `version: 1
name: lab
hosts: { a: {}, m: {}, b: {} }
networks: { one: { members: [a, m] }, two: { members: [m, b]${uplink} } }
censor: { on: m, rules: [{ match: {}, action: reset }] }
`;
    const pathOf = (uplink: string): unknown => planOf(text(uplink)).nodes[1]?.path;
    expect(pathOf('')).to.equal('ring');
    expect(pathOf(', uplink: true')).to.equal('nfqueue');
  });

  it('knows neighbours of small networks, of large ones only the routers', () => {
    const names = Array.from({ length: 20 }, (_, index) => `h${index}`);
    const hosts = [...names, 'r', 's'].map((name) => `${name}: {}`).join(', ');
    const plan = lab(
      hosts,
      `  big: { members: [${names.join(', ')}, r] }\n  small: { members: [r, s] }\n`,
    );
    const known = (node: string): number =>
      plan.steps.filter((step) => step.do.kind === 'neighbour' && step.do.node === node).length;
    expect([known('h0'), known('r'), known('s')]).to.deep.equal([1, 21, 1]);
  });

  it('reports members for which a subnet has no room', () => {
    const text =
      'version: 1\nname: lab\nhosts: { a: {}, b: {}, c: {} }\nnetworks: { n: { subnet: 10.0.0.0/31, members: [a, b, c] } }\n';
    expect(compileText(text).diagnostics.map(({ code }) => code)).to.deep.equal(['S069']);
  });
});

describe('uniqueName()', () => {
  it('keeps what fits and is free', () => {
    expect(uniqueName('client-inside', new Set())).to.equal('client-inside');
  });

  it('gives names of at most 15 characters that are never given again', () => {
    const part = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(part, part), { maxLength: 50 }), (pairs) => {
        const taken = new Set<string>();
        const names = pairs.map(([node, network]) => uniqueName(`${node}-${network}`, taken));
        expect(new Set(names).size).to.equal(names.length);
        for (const name of names) expect(name).to.match(/^[a-z0-9][a-z0-9-]{0,13}[a-z0-9]$/);
      }),
    );
  });
});
