import { expect } from 'chai';
import type { PlanMachine } from '../../src/model/machine.ts';
import type { ScriptParty } from '../../src/model/script.ts';
import type { Flow } from '../../src/model/traffic.ts';
import { LOCAL, LOCAL_MACHINE } from '../../src/model/machine.ts';
import { nodesOfFlow, shareOf } from '../../src/model/plan-share.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { PlanBundle, PlanTunnel } from '../../src/model/tunnel.ts';
import { compile } from '../../src/scenario/compile.ts';

const TEXT = `
version: 1
name: shares
hosts: { client: {}, middle: {}, server: {} }
networks:
  inside: { subnet: 10.10.1.0/24, members: [client, middle], delay: 5ms }
  outside: { subnet: 10.10.2.0/24, members: [middle, server] }
censor: { on: middle, rules: [{ name: all, match: { tcp.port: 443 }, action: drop }] }
traffic:
  - { name: serve, on: server, serve: { http: { port: 80 } } }
  - { name: ask, from: client, to: "server:80", probe: { http: {} } }
captures: [client, server]
expect: [{ flow: ask, failure: null }]
`;

const EDGE: PlanMachine = {
  ...LOCAL,
  name: 'edge',
  ssh: {
    host: 'edge.example',
    port: null,
    user: null,
    identities: [],
    knownHosts: [],
    jumps: null,
  },
};

/** The scenario with its server on another machine. */
function spreadPlan(): Plan {
  const { plan, diagnostics } = compile(
    { file: 'shares.yaml', text: TEXT },
    { readFile: (path) => ({ ok: false, error: `no ${path}` }) },
  );
  expect(diagnostics).to.deep.equal([]);
  if (!plan) throw new Error('The scenario compiles');
  const onEdge = new Set(['server']);
  return {
    ...plan,
    machines: [LOCAL, EDGE],
    nodes: plan.nodes.map((node) => (onEdge.has(node.name) ? { ...node, machine: 'edge' } : node)),
    networks: plan.networks.map((network) =>
      network.name === 'outside'
        ? {
            ...network,
            kind: 'bridge' as const,
            trunks: [
              { machine: LOCAL_MACHINE, interface: 'x1', vni: 0, peers: ['edge'] },
              { machine: 'edge', interface: 'x1', vni: 0, peers: [LOCAL_MACHINE] },
            ],
          }
        : network,
    ),
    steps: plan.steps.map((step) =>
      'node' in step.do && step.do.node === 'server' ? { ...step, machine: 'edge' } : step,
    ),
  };
}

describe('shareOf()', () => {
  const plan = spreadPlan();
  const here = shareOf(plan, LOCAL_MACHINE);
  const there = shareOf(plan, 'edge');

  it('gives each node, service, flow, censor, capture and step to one machine', () => {
    for (const key of ['nodes', 'services', 'flows', 'censors', 'captures', 'steps'] as const) {
      const both: readonly unknown[] = [...here[key], ...there[key]];
      expect(both, key).to.have.length(plan[key].length);
      expect(both, key).to.have.deep.members([...plan[key]]);
    }
    expect(there.nodes.map(({ name }) => name)).to.deep.equal(['server']);
    expect(there.services.map(({ name }) => name)).to.deep.equal(['serve']);
    expect(here.flows.map(({ name }) => name)).to.deep.equal(['ask']);
  });

  it('gives a script to every machine that has one of its parties', () => {
    const [ask] = plan.flows;
    if (ask === undefined) throw new Error('The plan has a flow');
    const party = (node: string): ScriptParty => ({ name: node, node, program: [] });
    const script: Flow = {
      ...ask,
      probe: {
        ...{ kind: 'script', transport: 'tcp', channels: [], timeout: 1000 },
        parties: [party('client'), party('server')],
      },
    };
    const both = { ...plan, flows: [script] };
    expect(nodesOfFlow(script)).to.deep.equal(['client', 'server']);
    expect(nodesOfFlow(ask)).to.deep.equal([ask.from]);
    for (const machine of [LOCAL_MACHINE, 'edge'])
      expect(shareOf(both, machine).flows).to.deep.equal([script]);
  });

  it('gives a bundle of tunnels to the machine of its client', () => {
    const bundle: PlanBundle = {
      ...{ name: 'quic', client: 'server', over: ['one'], routed: [], connections: 'move' },
      migration: {
        ...{ policy: 'none', every: { kind: 'time', ms: 200 }, weights: [], alpha: 1 },
        ...{ batch: null, trace: null, table: 51_821, families: [4], atStart: true },
      },
    };
    const whole = { ...plan, bundles: [bundle] };
    expect(shareOf(whole, 'edge').bundles).to.deep.equal([bundle]);
    expect(shareOf(whole, LOCAL_MACHINE).bundles).to.deep.equal([]);
  });

  it('gives a tunnel to the machines of both of its ends', () => {
    const end = (node: string): PlanTunnel['client'] => ({
      ...{ node, interface: 'wg', addresses: [], port: 51_820, fwmark: 0, endpoint: null },
      allowed: [],
    });
    const tunnel = (name: string, client: string, server: string): PlanTunnel => ({
      ...{ name, client: end(client), server: end(server), mtu: 1440, keepalive: 25, over: [] },
      migration: null,
    });
    const tunnels = [tunnel('far', 'client', 'server'), tunnel('near', 'client', 'middle')];
    const both = { ...plan, tunnels };
    expect(shareOf(both, LOCAL_MACHINE).tunnels).to.deep.equal(tunnels);
    expect(shareOf(both, 'edge').tunnels?.map(({ name }) => name)).to.deep.equal(['far']);
    expect(here).not.to.have.property('tunnels');
  });

  it('leaves a network its own members and its own trunk', () => {
    expect(there.networks.map(({ name }) => name)).to.deep.equal(['outside']);
    const [outside] = there.networks;
    expect(outside?.members.map(({ node }) => node)).to.deep.equal(['server']);
    expect(outside?.trunks?.map(({ machine }) => machine)).to.deep.equal(['edge']);
    expect(outside?.far?.map(({ node }) => node)).to.deep.equal(['middle']);
    const own = here.networks.find(({ name }) => name === 'outside');
    expect(own?.members.map(({ node }) => node)).to.deep.equal(['middle']);
    expect(here.networks.find(({ name }) => name === 'inside')).to.not.have.property('trunks');
  });

  it('is the plan itself on its only machine, and nothing on any other', () => {
    const alone = { ...plan, machines: [LOCAL] };
    expect(shareOf(alone, LOCAL_MACHINE)).to.equal(alone);
    const abroad = {
      ...plan,
      machines: [EDGE],
      nodes: plan.nodes.map((node) => ({ ...node, machine: 'edge' })),
    };
    expect(shareOf(abroad, LOCAL_MACHINE).nodes).to.deep.equal([]);
    expect(shareOf(abroad, LOCAL_MACHINE).networks).to.deep.equal([]);
  });
});
