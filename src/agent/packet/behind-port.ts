// Who is behind a port of a bridge, as far as the plan tells. Pure.
import type { Plan, PlanMember } from '../../model/plan.ts';

/**
 * The members of the network `name`, and of those that bridges other than `bridge` join to it. Behind which port members on other machines
 * are shows when they speak.
 */
export function membersBehind(
  { nodes, networks }: Pick<Plan, 'nodes' | 'networks'>,
  bridge: string,
  name: string,
): PlanMember[] {
  const others = nodes.filter((node) => node.bridge !== undefined && node.name !== bridge);
  const reached = new Set([name]);
  // A set grows while it is walked.
  for (const at of reached)
    for (const { interfaces } of others)
      if (interfaces.some(({ network }) => network === at))
        for (const { network } of interfaces) reached.add(network);
  return networks
    .filter((network) => reached.has(network.name))
    .flatMap(({ members }) => members.filter(({ node }) => node !== bridge));
}
