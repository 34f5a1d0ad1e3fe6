import { expect } from 'chai';
import {
  type ProbingAgent,
  listAcrossLinks,
  measureAcross,
} from '../../../src/lab/fleet/measure-across.ts';
import { type ClockRecord, LOCAL, OWN_CLOCK } from '../../../src/model/machine.ts';
import type { Plan, PlanMember } from '../../../src/model/plan.ts';
import type { AgentMethods } from '../../../src/model/rpc.ts';
import { PLAIN } from '../packet/small-lab.ts';

const MACHINES: Readonly<Record<string, string>> = { a: 'local', b: 'local', c: 'far', d: 'far' };
const member = (node: string): PlanMember => ({
  ...{ node, interface: `${node}-net`, mac: `02:00:00:00:00:0${node}`, addresses: [] },
  // Nothing happens to what d sends.
  ...(node !== 'd' && { impairment: { ...PLAIN, delay: 5 } }),
});
const plan: Plan = {
  ...{ planVersion: 1, scenario: 'across', description: '', seed: 1, params: {}, control: false },
  machines: [LOCAL, { ...LOCAL, name: 'far' }],
  nodes: Object.entries(MACHINES).map(([name, machine]) => ({
    ...{ name, machine, kind: 'host', stack: 'namespace', forwarding: false, path: 'kernel' },
    ...{ interfaces: [], routes: [], rules: [], nat: [], names: [], resolvers: [] },
  })),
  networks: [
    {
      ...{ name: 'net', kind: 'switch', subnets: [], mtu: 1430, isolated: true, uplink: false },
      ...{ gateway: [], members: Object.keys(MACHINES).map(member) },
    },
  ],
  ...{ names: [], censors: [], services: [], flows: [], captures: [], expectations: [] },
  steps: [],
};

const FAR_CLOCK: ClockRecord = { ...OWN_CLOCK, offset: 1, error: 2 };
const CLOCKS: ReadonlyMap<string, ClockRecord> = new Map([
  ['local', OWN_CLOCK],
  ['far', FAR_CLOCK],
]);

describe('lab/fleet/measure-across', () => {
  it('listAcrossLinks() pairs impaired members with the next, where that is on another machine', () => {
    const links = listAcrossLinks(plan);
    expect(links.map(({ link }) => `${link.from.node} → ${link.to.node}`)).to.deep.equal(['b → c']);
    expect(links[0]).to.include({ from: 'local', to: 'far' });
  });

  it('listAcrossLinks() finds none on one machine', () => {
    const nodes = plan.nodes.map((node) => ({ ...node, machine: 'local' }));
    expect(listAcrossLinks({ ...plan, nodes })).to.deep.equal([]);
  });

  it('measureAcross() has one listen before the other sends, hands on both clocks, and tries again what missed', async () => {
    const asked: string[] = [];
    const answer =
      (machine: string) =>
      (method: string, params: unknown): Promise<unknown> => {
        const { link, ...rest } = params as AgentMethods['probeCollect']['params'];
        asked.push(`${machine} ${method} ${link.attempt}`);
        if (method === 'probeSend') return Promise.resolve({ unsent: 7 });
        if (method === 'probeListen') return Promise.resolve({});
        expect(rest).to.deep.equal({
          unsent: 7,
          clocks: { sender: OWN_CLOCK, receiver: FAR_CLOCK },
        });
        const misses = link.attempt === 0 ? ['late'] : [];
        return Promise.resolve({ link: { network: 'net', from: 'b', to: 'c', misses } });
      };
    const agents = new Map(
      ['local', 'far'].map((name) => [name, { call: answer(name) as ProbingAgent['call'] }]),
    );
    const found = await measureAcross(plan, agents, CLOCKS);
    expect(found.map(({ misses }) => misses)).to.deep.equal([[]]);
    expect(asked).to.deep.equal([
      ...['far probeListen 0', 'local probeSend 0', 'far probeCollect 0'],
      ...['far probeListen 1', 'local probeSend 1', 'far probeCollect 1'],
    ]);
  });
});
