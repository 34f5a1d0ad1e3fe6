// Measures every impaired link of a lab, whoever impairs it: our switch or the kernel.
import type { Impairment, Plan, PlanMember, PlanNetwork } from '../../../model/plan.ts';
import type { LinkMeasurement } from '../../../model/rpc.ts';
import type { AgentContext } from '../../context.ts';
import { assessLink } from './assess-link.ts';
import { probeLink } from './probe-link.ts';
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
  let next = 0;
  const runNext = async (): Promise<void> => {
    for (let index = next++; index < links.length; index = next++) {
      const link = links[index];
      if (link) results[index] = await measureLink(context, link);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, links.length) }, runNext));
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
  context: AgentContext,
  { network, from, to, impairment }: Link,
): Promise<LinkMeasurement> {
  const ends = {
    from,
    to,
    fromFd: context.namespaceFd(from.node),
    toFd: context.namespaceFd(to.node),
  };
  const plan = planProbes(impairment, network.mtu);
  let figures = assessLink(impairment, await probeLink(ends, impairment, plan));
  // A machine that was busy just then is not the link's fault; a link that is wrong is wrong again.
  for (let retry = 0; retry < RETRIES && figures.misses.length > 0; retry += 1) {
    const again = assessLink(impairment, await probeLink(ends, impairment, plan));
    if (again.misses.length <= figures.misses.length) figures = again;
  }
  return { network: network.name, from: from.node, to: to.node, ...figures };
}
