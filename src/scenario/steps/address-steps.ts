import type { PlanNetwork, PlanNode, Step } from '../../model/plan.ts';
import { segmentOf } from '../../model/segment.ts';
import { groupBy } from '../group.ts';
import { impliedBy, ip, routeCommand, ruleCommand } from './commands.ts';

/** Up to this many members of a segment, all know each other's MAC; beyond, only routers and the rest do. */
const SMALL_SEGMENT = 16;

/** Addresses, routes, rules, neighbours and NAT, node by node. */
export function addressSteps(nodes: readonly PlanNode[], networks: readonly PlanNetwork[]): Step[] {
  const neighbours = neighbourSteps(nodes, networks);
  return nodes.flatMap((node) => [
    ...ownAddresses(node),
    ...routes(node),
    ...rules(node),
    ...(neighbours.get(node.name) ?? []),
    ...nat(node),
  ]);
}

function ownAddresses(node: PlanNode): Step[] {
  return node.interfaces.flatMap(({ name, addresses }) =>
    addresses.map((address): Step => ({
      id: `address:${node.name}:${address}`,
      do: { kind: 'address', node: node.name, interface: name, address },
      command: ip(node, `address add ${address} dev ${name}`),
      undo: impliedBy(node, name),
    })),
  );
}

/** Routes to connected prefixes come with the addresses. */
function routes(node: PlanNode): Step[] {
  return node.routes
    .filter((route) => route.via !== undefined || route.kind !== 'unicast')
    .map((route) => ({
      id: `route:${node.name}:${route.to}:${route.table}${route.metric === undefined ? '' : `:${route.metric}`}`,
      do: { kind: 'route', node: node.name, route },
      command: ip(node, routeCommand(route)),
      undo: impliedBy(node, route.interface),
    }));
}

function rules(node: PlanNode): Step[] {
  return node.rules.map((rule, index) => ({
    id: `rule:${node.name}:${index + 1}`,
    do: { kind: 'rule', node: node.name, rule },
    command: ip(node, ruleCommand(rule)),
    undo: impliedBy(node),
  }));
}

function nat(node: PlanNode): Step[] {
  return node.nat.map((rule) => ({
    id: `nat:${node.name}:${rule.interface}`,
    do: { kind: 'nat', node: node.name, nat: rule },
    command: `ip netns exec ${node.name} nft add rule inet runner postrouting oifname ${rule.interface} masquerade`,
    undo: impliedBy(node),
  }));
}

function neighbourSteps(
  nodes: readonly PlanNode[],
  networks: readonly PlanNetwork[],
): ReadonlyMap<string, Step[]> {
  const routers = new Set(nodes.filter(({ forwarding }) => forwarding).map(({ name }) => name));
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const isHost = (node: string): boolean => byName.get(node)?.bridge === undefined;
  const steps = new Map<string, Step[]>();
  for (const parts of groupBy(networks, segmentOf).values()) {
    const members = parts.flatMap((part) => part.members).filter(({ node }) => isHost(node));
    const near = members.filter(({ node }) => routers.has(node));
    // With many routers on a large network the entries would multiply; ARP and NDP find them as well.
    if (members.length > SMALL_SEGMENT && near.length > SMALL_SEGMENT) continue;
    for (const member of members) {
      const node = byName.get(member.node);
      if (node === undefined) continue;
      const knowsAll = members.length <= SMALL_SEGMENT || routers.has(member.node);
      const own = steps.get(member.node) ?? [];
      for (const other of knowsAll ? members : near)
        if (other !== member)
          own.push(
            ...other.addresses.map((prefix) =>
              neighbour(node, member.interface, prefix, other.mac),
            ),
          );
      steps.set(member.node, own);
    }
  }
  return steps;
}

function neighbour(node: PlanNode, device: string, prefix: string, mac: string): Step {
  const [address = ''] = prefix.split('/');
  return {
    id: `neighbour:${node.name}:${address}`,
    do: { kind: 'neighbour', node: node.name, interface: device, address, mac },
    command: ip(node, `neighbour add ${address} lladdr ${mac} dev ${device} nud permanent`),
    undo: impliedBy(node, device),
  };
}
