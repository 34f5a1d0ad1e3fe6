// Measures every impaired link within this machine, whoever impairs it: our switch or the kernel.
import type { Impairment, Plan, PlanMember, PlanNetwork } from '../../../model/plan.ts';
import type { LinkMeasurement } from '../../../model/rpc.ts';
import type { AgentContext } from '../../context.ts';
import { type LinkFigures, assessLink } from './assess-link.ts';
import { probeLink } from './probe-link.ts';
import { ProbeRings } from './probe-rings.ts';
import { planProbes } from './probe-plan.ts';

/**
 * Links probed at once (more would wait for the processor rather than for the link) and how long their bursts are, attempt
 * by attempt: a machine that was busy just then is not the link's fault, a link that is wrong is wrong again.
 */
const ATTEMPTS = [
  { atOnce: 16, patience: 1 },
  { atOnce: 4, patience: 3 },
  { atOnce: 2, patience: 3 },
] as const;

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
  const found = new Map<Link, LinkFigures>();
  const isOpen = (link: Link): boolean => found.get(link)?.misses.length !== 0;
  for (const [attempt, { atOnce, patience }] of ATTEMPTS.entries()) {
    const open = links.filter(isOpen);
    for (let next = 0; next < open.length; next += atOnce) {
      const group = open.slice(next, next + atOnce);
      for (const [link, figures] of await measureGroup(context, group, attempt, patience)) {
        const before = found.get(link);
        if (!before || figures.misses.length <= before.misses.length) found.set(link, figures);
      }
    }
  }
  return [...found].map(([{ network, from, to }, figures]) => ({
    network: network.name,
    from: from.node,
    to: to.node,
    ...figures,
  }));
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

async function measureGroup(
  context: AgentContext,
  group: readonly Link[],
  attempt: number,
  patience: number,
): Promise<(readonly [Link, LinkFigures])[]> {
  const largest = Math.max(...group.map(({ network }) => network.mtu));
  const members = group.flatMap(({ from, to }) => [from, to]);
  const rings = new ProbeRings(members, largest, (node) => context.namespaceFd(node));
  try {
    return await Promise.all(
      group.map(async (link) => {
        const { network, from, to, impairment } = link;
        const plan = planProbes(impairment, network.mtu, patience);
        const record = await probeLink(rings, { from, to }, attempt, impairment, plan);
        return [link, assessLink(impairment, record)] as const;
      }),
    );
  } finally {
    rings.close();
  }
}
