import { DEFAULT_CENSOR } from '../../../src/model/censor-defaults.ts';
import { expect } from 'chai';
import { listRingInterfaces, listWork } from '../../../src/agent/packet/work.ts';
import { LOCAL } from '../../../src/model/machine.ts';
import type { Plan, PlanCensor, PlanNode } from '../../../src/model/plan.ts';
import { NETWORKS, NODE } from '../../roles/forward/router.ts';

const censor = (name: string, on: string): PlanCensor => ({
  name,
  on,
  position: 'in-path',
  ...DEFAULT_CENSOR,
  rules: [],
});
const node = (name: string, path: PlanNode['path']): PlanNode => ({ ...NODE, name, path });
const plan: Plan = {
  planVersion: 1,
  scenario: 's',
  description: '',
  seed: 1,
  params: {},
  control: false,
  machines: [LOCAL],
  names: [],
  nodes: [
    node('ring', 'ring'),
    node('bare', 'ring'),
    node('queue', 'nfqueue'),
    node('copy', 'kernel'),
    node('plain', 'kernel'),
  ],
  networks: NETWORKS,
  censors: [censor('b', 'ring'), censor('a', 'ring'), censor('c', 'queue'), censor('d', 'copy')],
  services: [],
  flows: [],
  captures: [],
  expectations: [],
  steps: [],
};

describe('agent/packet/work', () => {
  it('listWork() finds each node that needs us, its way and its censors in order', () => {
    const { networks, nodes } = listWork(plan, ['right']);
    expect(networks.map(({ name }) => name)).to.deep.equal(['right']);
    expect(
      nodes.map(({ node: { name }, mode, censors }) => [
        name,
        mode,
        ...censors.map((one) => one.name),
      ]),
    ).to.deep.equal([
      ['ring', 'ring', 'b', 'a'],
      ['bare', 'ring'],
      ['queue', 'queue', 'c'],
      ['copy', 'copy', 'd'],
    ]);
  });

  it('listRingInterfaces() counts ports, trunks and the interfaces of all but queued nodes', () => {
    expect(listRingInterfaces(plan, listWork(plan, ['right']))).to.have.length(2 + 3 * 2);
    expect(listRingInterfaces(plan, listWork(plan, []))).to.have.length(3 * 2);
    const trunk = { machine: 'local', interface: 'trunk', vni: 0, peers: ['edge'] };
    const across = { ...plan, networks: NETWORKS.map((one) => ({ ...one, trunks: [trunk] })) };
    expect(listRingInterfaces(across, listWork(across, ['right']))).to.have.length(3 + 3 * 2);
  });
});
