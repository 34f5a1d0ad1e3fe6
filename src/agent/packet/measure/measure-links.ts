// Measures every impaired link of a lab, whoever impairs it: our switch or the kernel.
import type { Impairment, Plan, PlanMember, PlanNetwork } from '../../../model/plan.ts';
import type { LinkMeasurement } from '../../../model/rpc.ts';
import type { AgentContext } from '../../context.ts';
import { assessLink } from './assess-link.ts';
import { LinkProber } from './link-prober.ts';
import { ProbeRings } from './probe-rings.ts';
import { planProbes } from './probe-plan.ts';

/** Links probed at once: more would wait for the processor rather than for the link. */
const AT_ONCE = 16;
const RETRIES = 2;

/** One impaired direction: from a member to the next one of its network. */
interface Link {
  readonly network: PlanNetwork;
  readonly from: PlanMember;
  readonly to: PlanMember;
  /** What the frames of `from` meet. */
  readonly impairment: Impairment;
}

export async function measureLinks(context: AgentContext): Promise<LinkMeasurement[]> {
  const links = listImpairedLinks(context.plan);
  const results: LinkMeasurement[] = [];
  for (let next = 0; next < links.length; next += AT_ONCE) {
    const group = links.slice(next, next + AT_ONCE);
    const largest = Math.max(...group.map(({ network }) => network.mtu));
    const members = group.flatMap(({ from, to }) => [from, to]);
    const rings = new ProbeRings(members, largest, (node) => context.namespaceFd(node));
    try {
      results.push(...(await Promise.all(group.map((link) => measureLink(rings, link)))));
    } finally {
      rings.close();
    }
  }
  return results;
}

export function listImpairedLinks(plan: Plan): Link[] {
  return plan.networks.flatMap((network) =>
    network.members.flatMap((from, index) => {
      const to = network.members[(index + 1) % network.members.length];
      const { impairment } = from;
      return impairment && to && to !== from ? [{ network, from, to, impairment }] : [];
    }),
  );
}

async function measureLink(
  rings: ProbeRings,
  { network, from, to, impairment }: Link,
): Promise<LinkMeasurement> {
  const plan = planProbes(impairment, network.mtu);
  const probe = async (): Promise<ReturnType<typeof assessLink>> =>
    assessLink(impairment, await new LinkProber(rings, from, to).probe(impairment, plan));
  let figures = await probe();
  // A machine that was busy just then is not the link's fault; a link that is wrong is wrong again.
  for (let retry = 0; retry < RETRIES && figures.misses.length > 0; retry += 1) {
    const again = await probe();
    if (again.misses.length <= figures.misses.length) figures = again;
  }
  return { network: network.name, from: from.node, to: to.node, ...figures };
}
