// Where a node rewrites what passes through it: as the scenario says, and as the server of tunnels.
import type { Plan, PlanNat, PlanNode } from './plan.ts';
import type { PlanTunnel } from './tunnel.ts';

export const masqueradesOf = (
  { tunnels = [] }: Pick<Plan, 'tunnels'>,
  node: PlanNode,
): readonly PlanNat[] => [
  ...node.nat,
  ...tunnels
    .filter(({ server }) => server.node === node.name)
    .flatMap((tunnel) => masqueradesOfServer(node, tunnel)),
];

/** What a tunnel's client sends beyond its server leaves in the server's name: nobody there knows the addresses within tunnels. */
export const masqueradesOfServer = (
  { interfaces }: Pick<PlanNode, 'interfaces'>,
  { client }: Pick<PlanTunnel, 'client'>,
): readonly PlanNat[] =>
  interfaces.flatMap(({ name, addresses }) =>
    client.addresses
      .filter((from) => addresses.some((own) => own.includes(':') === from.includes(':')))
      .map((from) => ({ interface: name, from, masquerade: true })),
  );
