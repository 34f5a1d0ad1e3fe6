import { expect } from 'chai';
import fc from 'fast-check';
import type { Plan } from '../../../src/model/plan.ts';
import { compileText, planOf } from '../compile-text.ts';

const text = (hosts: string, networks: string): string =>
  `version: 1\nname: lab\nhosts: { ${hosts} }\nnetworks:\n${networks}`;
const lab = (hosts: string, networks: string): Plan => planOf(text(hosts, networks));

const LINE = `  inside: { members: [client, wall], ipv6: true }
  other: { members: [client, aside] }
  outside: { members: [wall, server] }
`;
const HOSTS = 'client: {}, wall: { bridge: true }, server: {}, aside: {}';

const addressesOf = (plan: Plan): Record<string, readonly string[]> =>
  Object.fromEntries(
    plan.nodes.map(({ name, interfaces }) => [name, interfaces.flatMap((one) => one.addresses)]),
  );

const nodeOf = (plan: Plan, name: string): Plan['nodes'][number] => {
  const node = plan.nodes.find((one) => one.name === name);
  if (node === undefined) throw new Error(`There is no ${name}`);
  return node;
};

const commands = (plan: Plan): string[] => plan.steps.map(({ command }) => command);

describe('resolveSegments()', () => {
  it('gives the networks that a bridge joins one subnet, and the bridge no address', () => {
    const plan = lab(HOSTS, LINE);
    expect(
      plan.networks.map(({ name, segment, subnets }) => [name, segment, ...subnets]),
    ).to.deep.equal([
      ['inside', 'inside', '10.0.0.0/24', 'fd00::/64'],
      ['other', undefined, '10.0.1.0/24'],
      ['outside', 'inside', '10.0.0.0/24', 'fd00::/64'],
    ]);
    expect(addressesOf(plan)).to.deep.equal({
      client: ['10.0.0.1/24', 'fd00::1/64', '10.0.1.1/24'],
      wall: [],
      server: ['10.0.0.2/24', 'fd00::2/64'],
      aside: ['10.0.1.2/24'],
    });
    expect(nodeOf(plan, 'wall')).to.deep.include({
      forwarding: false,
      bridge: { kind: 'kernel', interface: 'br0' },
      routes: [],
      resolvers: [],
    });
  });

  it('takes a subnet that any of them writes, and the same from several', () => {
    const networks = `  one: { members: [a, x] }
  two: { members: [x, y], subnet: 10.9.0.0/24 }
  three: { members: [y, b], subnet: 10.9.0.0/24 }
`;
    const plan = lab('a: {}, b: {}, x: { bridge: true }, y: { bridge: program }', networks);
    expect(addressesOf(plan)).to.deep.include({ a: ['10.9.0.1/24'], b: ['10.9.0.2/24'] });
    expect(plan.networks.map(({ segment }) => segment)).to.deep.equal(['one', 'one', 'one']);
    expect(nodeOf(plan, 'y').bridge).to.deep.equal({ kind: 'program' });
  });

  it('makes neighbours of hosts across the bridge, and the bridge of links in place', () => {
    const all = commands(lab(HOSTS, LINE));
    expect(all).to.include(
      'ip -n client neighbour add 10.0.0.2 lladdr 02:00:00:00:00:06 dev client-inside nud permanent',
    );
    expect(all).to.include(
      'ip -n server neighbour add fd00::1 lladdr 02:00:00:00:00:01 dev server-outside nud permanent',
    );
    expect(all.filter((command) => command.includes('-n wall'))).to.deep.equal([
      'ip -n wall link add br0 type bridge',
      'ip -n wall link set wall-inside master br0',
      'ip -n wall link set wall-outside master br0',
    ]);
    expect(all).to.include('ip netns exec wall sysctl -w net.ipv6.conf.default.disable_ipv6=1');
  });

  it('makes nothing for a program to find, and takes another name where br0 is taken', () => {
    const program = lab(HOSTS.replace('true', 'program'), LINE);
    expect(commands(program).filter((command) => command.includes('-n wall'))).to.deep.equal([]);
    const hosts = HOSTS.replace('true', 'true, interfaces: { inside: { name: br0 } }');
    const ports = commands(lab(hosts, LINE)).filter((command) =>
      command.includes('wall link set br0 '),
    );
    expect(ports).to.have.length(1);
    expect(ports[0]).to.match(/^ip -n wall link set br0 master br0-[0-9a-f]{4}$/);
  });

  it('makes no bridge where runner carries the frames to a censor in their way', () => {
    const censors = (position: string): Plan =>
      planOf(
        `${text(HOSTS, LINE)}censor: { on: wall, position: ${position}, rules: [{ match: { tcp.port: 80 }, action: reset }] }`,
      );
    const inPath = censors('in-path');
    expect(nodeOf(inPath, 'wall')).to.deep.include({ bridge: { kind: 'ring' }, path: 'ring' });
    expect(commands(inPath).filter((command) => command.includes('bridge'))).to.deep.equal([]);
    const onPath = censors('on-path');
    expect(nodeOf(onPath, 'wall')).to.deep.include({
      bridge: { kind: 'kernel', interface: 'br0' },
      path: 'kernel',
    });
  });

  it('leads routes, uplinks and names through bridges', () => {
    const networks = `  near: { members: [client, wall], subnet: 10.1.0.0/24 }
  core: { members: [wall, router] }
  far: { members: [router, tap], subnet: 10.2.0.0/24 }
  end: { members: [tap, server], uplink: true }
`;
    const hosts =
      'client: {}, wall: { bridge: true }, router: {}, tap: { bridge: true }, server: {}';
    const plan = lab(hosts, networks);
    const routes = (name: string): string[] =>
      nodeOf(plan, name).routes.map(({ to, via }) => `${to}${via === undefined ? '' : ` ${via}`}`);
    expect(routes('client')).to.deep.equal([
      '10.1.0.0/24',
      '10.2.0.0/24 10.1.0.2',
      '0.0.0.0/0 10.1.0.2',
    ]);
    expect(routes('router')).to.include('0.0.0.0/0 10.2.0.254');
    expect(routes('server')).to.include('10.1.0.0/24 10.2.0.1');
    // Of the router's two addresses, the server's is the one on its own segment.
    expect(nodeOf(plan, 'server').names).to.deep.equal([
      { address: '10.2.0.1', names: ['router', 'router.lab'] },
    ]);
  });

  it('finds a loop of bridges exactly where there is one', () => {
    const SIZE = 6;
    const pair = fc.tuple(fc.nat({ max: SIZE - 1 }), fc.nat({ max: SIZE - 1 }));
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 7 }), (pairs) => {
        const joints = pairs.filter(([left, right]) => left !== right);
        const hosts = Array.from({ length: SIZE }, (_, n) => `h${n}: {}, i${n}: {}`);
        const bridges = joints.map((_, n) => `b${n}: { bridge: true }`);
        const networks = Array.from({ length: SIZE }, (_, n) => {
          const on = joints.flatMap((joint, b) => (joint.includes(n) ? [`b${b}`] : []));
          return `  n${n}: { members: [${[`h${n}`, `i${n}`, ...on].join(', ')}] }\n`;
        });
        const { diagnostics } = compileText(
          text([...hosts, ...bridges].join(', '), networks.join('')),
        );
        const loops = diagnostics.filter(({ code }) => code === 'S131').length;
        // A forest has as many trees as nodes less edges; each edge beyond closes one loop.
        const labels = Array.from({ length: SIZE }, (_, n) => n);
        for (const [left, right] of joints) {
          const [from, to] = [labels[left], labels[right]];
          for (const [n, label] of labels.entries()) if (label === from) labels[n] = to ?? 0;
        }
        const trees = new Set(labels).size;
        expect(loops).to.equal(joints.length - (SIZE - trees));
        expect(diagnostics.map(({ code }) => code).filter((code) => code !== 'S131')).to.deep.equal(
          [],
        );
      }),
      { numRuns: 60 },
    );
  });
});
