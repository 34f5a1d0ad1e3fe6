// A plan falls into one share a machine: what its agent builds, captures and runs.
import { LOCAL_MACHINE } from './machine.ts';
import type { Plan, PlanNetwork } from './plan.ts';
import { membersOfSegment } from './segment.ts';
import type { Flow } from './traffic.ts';

/** The machine that a node is on. */
export const machineOf = (plan: Pick<Plan, 'nodes'>, node: string): string =>
  plan.nodes.find(({ name }) => name === node)?.machine ?? LOCAL_MACHINE;

/**
 * The part of the plan that is one machine's: its nodes, its members of each network with the trunk that leads to the
 * others, and what happens at its nodes. The share of a plan's only machine is the plan; that of a machine without nodes
 * has none of them.
 */
export function shareOf(plan: Plan, machine: string): Plan {
  if (plan.machines.every(({ name }) => name === machine)) return plan;
  const own = new Set(
    plan.nodes.filter((node) => node.machine === machine).map(({ name }) => name),
  );
  return {
    ...plan,
    machines: plan.machines.filter(({ name }) => name === machine),
    nodes: plan.nodes.filter(({ name }) => own.has(name)),
    networks: plan.networks.flatMap((network) => shareOfNetwork(plan, network, machine, own)),
    censors: plan.censors.filter(({ on }) => own.has(on)),
    ...(plan.proxies && { proxies: plan.proxies.filter(({ on }) => own.has(on)) }),
    ...(plan.tunnels && {
      tunnels: plan.tunnels.filter(
        ({ client, server }) => own.has(client.node) || own.has(server.node),
      ),
    }),
    ...(plan.bundles && { bundles: plan.bundles.filter(({ client }) => own.has(client)) }),
    services: plan.services.filter(({ on }) => own.has(on)),
    flows: plan.flows.filter((flow) => nodesOfFlow(flow).some((node) => own.has(node))),
    captures: plan.captures.filter(({ node }) => own.has(node)),
    expectations: [],
    steps: plan.steps.filter((step) => (step.machine ?? LOCAL_MACHINE) === machine),
  };
}

/** The nodes that take part in a flow; the one that starts it comes first. */
export const nodesOfFlow = ({ from, probe }: Flow): readonly string[] =>
  probe.kind === 'script' ? [...new Set([from, ...probe.parties.map(({ node }) => node)])] : [from];

function shareOfNetwork(
  { networks }: Plan,
  network: PlanNetwork,
  machine: string,
  own: ReadonlySet<string>,
): PlanNetwork[] {
  const members = network.members.filter(({ node }) => own.has(node));
  if (members.length === 0) return [];
  const trunks = (network.trunks ?? []).filter((trunk) => trunk.machine === machine);
  const far = membersOfSegment(networks, network.name).filter(({ node }) => !own.has(node));
  return [
    {
      ...network,
      members,
      ...(trunks.length > 0 && { trunks }),
      ...(far.length > 0 && { far }),
    },
  ];
}
