import { expect } from 'chai';
import { ok } from '../../../src/base/result.ts';
import type { Plan, Step } from '../../../src/model/plan.ts';
import { compileText, mustPlan, placesOf, planOf } from '../compile-text.ts';

const HEAD = 'version: 1\nname: lab\n';
const TWO = `${HEAD}machines: { edge: { ssh: edge.example.org } }
hosts: { a: {}, b: { on: edge }, c: { on: edge } }
networks: { far: { members: [a, b] }, near: { members: [b, c] } }
`;

const stepsOf = (plan: Plan, kind: Step['do']['kind']): string[] =>
  plan.steps
    .filter((step) => step.do.kind === kind)
    .map(({ id, machine }) => `${id} ${machine ?? '-'}`);

describe('resolveMachines()', () => {
  it('has only machines with nodes, the one that runner is on first', () => {
    const names = planOf(TWO).machines.map(({ name }) => name);
    expect(names).to.deep.equal(['local', 'edge']);
    expect(
      planOf(TWO.replace('a: {}', 'a: { on: edge }')).machines.map(({ name }) => name),
    ).to.deep.equal(['edge']);
  });

  it('lets what the scenario writes win over the inventory, key by key', () => {
    const compiled = compileText(
      `${HEAD}inventory: inv/hosts.ini
machines: { edge: { ssh: { port: 2222 } } }
hosts: { a: { on: edge }, b: { on: "vpn[-1]" }, c: { on: me } }`,
      {
        'inv/hosts.ini':
          '[vpn]\nedge ansible_host=198.51.100.7 ansible_ssh_private_key_file=key\nme ansible_connection=local',
      },
    );
    const plan = mustPlan(compiled);
    expect(plan.nodes.map(({ machine }) => machine)).to.deep.equal(['edge', 'local', 'local']);
    expect(plan.machines[1]?.ssh).to.deep.equal({
      host: '198.51.100.7',
      port: 2222,
      user: null,
      identities: ['inv/key'],
      knownHosts: [],
      jumps: null,
    });
  });

  it('takes an inventory from a program, and shows its faults in what it printed', () => {
    const text = `${HEAD}inventory: { command: [show, it] }\nhosts: { a: { on: edge } }`;
    const given: string[][] = [];
    const compile = (output: string): ReturnType<typeof compileText> =>
      compileText(text, {}, { runInventory: (argv) => (given.push([...argv]), ok(output)) });
    expect(
      mustPlan(compile('{"machines":{"edge":"198.51.100.7"}}')).machines[0]?.ssh?.host,
    ).to.equal('198.51.100.7');
    expect(given[0]).to.deep.equal(['show', 'it']);
    expect(placesOf(compile('\uFEFF{"machines":{"edge":"198.51.100.7"}}'))).to.deep.equal([]);
    const bad = compile('{"machines":{"edge":"a b", "password": "hidden"}}');
    expect(placesOf(bad)).to.deep.equal(['S142 1:21']);
    expect(bad.diagnostics[0]?.span.file).to.equal('output of "show it"');
    expect(bad.files.get('output of "show it"')).to.contain('"password": ********');
  });

  describe('with an inventory', () => {
    const said = (hosts: string, inventory: string, more = '', name = 'inv.json'): string[] =>
      placesOf(
        compileText(`${HEAD}inventory: ${name}\nhosts: ${hosts}\n${more}`, { [name]: inventory }),
      );
    const NOWHERE = '{"machines":{"m":"198.51.100.7"},"groups":{"vpn":["gone","m"]}}';
    const OFF = '{"machines":{"m":{"ssh":"198.51.100.7","when":false}},"groups":{"vpn":["m"]}}';
    const ON = OFF.replace('false', 'true');

    it('refuses members of groups that are no machines', () => {
      expect(said('{ a: { on: "vpn[0]" } }', NOWHERE)).to.deep.equal(['S140 1:51']);
      expect(said('{ a: { on: m } }', NOWHERE)).to.deep.equal(['S140 1:51']);
    });

    it('puts nothing on machines that are switched off, here or there', () => {
      for (const on of ['m', '"vpn[0]"']) {
        expect(said(`{ a: { on: ${on} } }`, OFF), on).to.deep.equal(['S141 4:19']);
        const here = 'machines: { m: { when: false } }';
        expect(said(`{ a: { on: ${on} } }`, ON, here), on).to.deep.equal(['S141 4:19']);
      }
      expect(said('{ a: { on: m } }', OFF, 'machines: { m: { when: true } }')).to.deep.equal([]);
      expect(said('{ a: {} }', ON, 'machines: { m: { when: false } }')).to.deep.equal([]);
    });

    it('refuses a way to the machine that runner is on', () => {
      const ini = (text: string): string[] => said('{ a: {} }', text, '', 'hosts.ini');
      expect(ini('local ansible_host=198.51.100.7')).to.deep.equal(['S143 1:1']);
      expect(ini('local ansible_host=::1 ansible_connection=local')).to.deep.equal([]);
      expect(ini('local runner_underlay=10.0.0.7')).to.deep.equal([]);
      expect(said('{ a: {} }', '{"machines":{"local":{"ssh":"h"}}}')).to.deep.equal(['S143 1:14']);
    });

    it('takes an empty name for none', () => {
      expect(said('{ a: { on: "" } }', ON)).to.deep.equal(['S141 4:19']);
    });
  });

  it('runs no program of a scenario with faults', () => {
    const ran: string[] = [];
    const runInventory = (argv: readonly string[]): ReturnType<typeof ok<string>> => (
      ran.push(argv.join(' ')),
      ok('{"machines":{"m":"h"}}')
    );
    for (const text of [
      'inventory: { command: [sleep, 100] }',
      'inventory: { command: [x] }\nx: 1',
    ])
      compileText(`${HEAD}${text}\nhosts: { a: {} }`, {}, { runInventory });
    expect(ran).to.deep.equal([]);
    compileText(`${HEAD}inventory: { command: [x] }\nhosts: { a: {} }`, {}, { runInventory });
    expect(ran).to.deep.equal(['x']);
  });

  it('puts every step on its machine, those of a network across machines on each', () => {
    const plan = planOf(TWO);
    expect(stepsOf(plan, 'bridge')).to.deep.equal(['bridge:far@local -', 'bridge:far@edge edge']);
    expect(stepsOf(plan, 'trunk')).to.deep.equal(['trunk:far@local -', 'trunk:far@edge edge']);
    expect(stepsOf(plan, 'veth')).to.deep.equal([
      'veth:far:a -',
      'veth:far:b edge',
      'veth:near edge',
    ]);
    expect(plan.networks[0]?.trunks?.map(({ peers }) => peers)).to.deep.equal([
      ['edge'],
      ['local'],
    ]);
    expect(plan.networks.map(({ mtu }) => mtu)).to.deep.equal([1430, 1500]);
  });

  it('derives no subnet with an underlay in it, and no way of its own for a machine', () => {
    const plan = planOf(`${HEAD}machines: { edge: { ssh: edge, underlay: 10.0.0.7 } }
hosts: { a: { on: edge, network: machine }, b: { on: edge }, c: { on: edge } }
networks: { up: { members: [a, b], uplink: true }, more: { members: [b, c] } }`);
    expect(plan.networks[0]?.subnets).to.deep.equal(['10.0.1.0/24']);
    const [own] = plan.nodes;
    expect(own?.routes.map(({ to }) => to)).to.deep.equal(['10.0.1.0/24', '10.0.2.0/24']);
    expect(
      plan.steps
        .filter(({ do: action }) => 'node' in action && action.node === 'a')
        .map(({ do: action }) => action.kind),
    ).to.not.include.members(['sysctl', 'namespace']);
  });
});
