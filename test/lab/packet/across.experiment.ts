// Two agents' parts on one wire, each with its share of a plan; the second machine's clock says what it likes. Prints what
// measuring across found as JSON. Started under unshare(1).
import { createPacketPaths } from '../../../src/agent/packet/packet-paths.ts';
import {
  type LinkProbes,
  createLinkProbes,
} from '../../../src/agent/packet/measure/link-probes.ts';
import { type ProbingAgent, measureAcross } from '../../../src/lab/fleet/measure-across.ts';
import { type ClockRecord, LOCAL, OWN_CLOCK } from '../../../src/model/machine.ts';
import { shareOf } from '../../../src/model/plan-share.ts';
import type { Plan } from '../../../src/model/plan.ts';
import type { AgentMethod, AgentMethods } from '../../../src/model/rpc.ts';
import { createSmallLab } from './small-lab.ts';

const MACHINES: Readonly<Record<string, string>> = { a: 'local', b: 'local', c: 'far' };
/** Microseconds by which the second machine is told to be wrong, and by how much that may be wrong. */
const FAR_CLOCK: ClockRecord = { ...OWN_CLOCK, offset: 3000, error: 4000, samples: 10 };

const lab = createSmallLab({
  lan: { members: Object.keys(MACHINES), impairment: { delay: 20, rate: 50e6, lossRatio: 0.1 } },
});
const { context } = lab;
const plan: Plan = {
  ...context.plan,
  machines: [LOCAL, { ...LOCAL, name: 'far' }],
  nodes: context.plan.nodes.map((node) => ({ ...node, machine: MACHINES[node.name] ?? '' })),
};
const paths = createPacketPaths(context, lab.segments);
await paths.start();
const agents = new Map(
  ['local', 'far'].map((machine) => {
    const probes = createLinkProbes({ ...context, plan: shareOf(plan, machine) });
    return [machine, { call: answerBy(probes) }] as const;
  }),
);
const clocks = new Map([
  ['local', OWN_CLOCK],
  ['far', FAR_CLOCK],
]);
const start = performance.now();
const links = await measureAcross(plan, agents, clocks);
const millis = performance.now() - start;
const unheard = await agents
  .get('far')
  ?.call('probeSend', { link: strangerLink() }, 1000)
  .catch((error: unknown) => String(error));
await paths.stop();
lab.close();
console.log(JSON.stringify({ links, millis, unheard }));

function answerBy(probes: LinkProbes): ProbingAgent['call'] {
  const answer = async (method: AgentMethod, params: unknown): Promise<unknown> => {
    // What crosses between runner and agent is JSON.
    const { link, unsent, clocks } = JSON.parse(
      JSON.stringify(params),
    ) as AgentMethods['probeCollect']['params'];
    if (method === 'probeListen') return probes.listen(link);
    if (method === 'probeSend') return probes.send(link);
    return probes.collect(link, unsent, clocks);
  };
  return answer as ProbingAgent['call'];
}

function strangerLink(): AgentMethods['probeSend']['params']['link'] {
  const [network] = plan.networks;
  const [from, to] = network?.members ?? [];
  if (!network || !from?.impairment || !to) throw new Error('The lab has two impaired members');
  const { impairment } = from;
  return { network: network.name, from, to, impairment, attempt: 0, patience: 1 };
}
