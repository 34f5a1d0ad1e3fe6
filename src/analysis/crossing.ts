// The way of a frame through a segment: from the network that a node sends it into, through bridge nodes, to the network of
// its receiver.
import { type IpAddress, parsePrefix, sameIp } from '../base/addresses.ts';
import type { Plan, PlanInterface, PlanNode } from '../model/plan.ts';
import type { Hop } from './hop.ts';

export interface Crossing {
  readonly hops: readonly Hop[];
  /** The node that has the address; null when it is nobody's of the plan, and the frame leaves the lab or finds nobody. */
  readonly receiver: PlanNode | null;
}

/** What lies between `sender`, which sends into `network`, and the neighbour with the address `to`. */
export function crossSegment(plan: Plan, sender: string, network: string, to: IpAddress): Crossing {
  const start: Hop = { node: sender, network, side: 'out' };
  const reached = new Set([network]);
  const queue = [{ network, hops: [start] }];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    const receiver = memberWithAddress(plan, at.network, to);
    if (receiver) {
      const arrival: Hop = { node: receiver.name, network: at.network, side: 'in' };
      return { hops: [...at.hops, arrival], receiver };
    }
    if (isGateway(plan, at.network, to)) return { hops: at.hops, receiver: null };
    for (const { name, interfaces } of bridgesOn(plan, at.network))
      for (const side of interfaces) {
        if (reached.has(side.network)) continue;
        reached.add(side.network);
        const through: Hop[] = [
          { node: name, network: at.network, side: 'in' },
          { node: name, network: side.network, side: 'out' },
        ];
        queue.push({ network: side.network, hops: [...at.hops, ...through] });
      }
  }
  return { hops: [start], receiver: null };
}

const bridgesOn = (plan: Plan, network: string): PlanNode[] =>
  plan.nodes.filter(({ bridge, interfaces }) => bridge !== undefined && isOn(interfaces, network));

const isOn = (interfaces: readonly PlanInterface[], network: string): boolean =>
  interfaces.some((one) => one.network === network);

const memberWithAddress = (plan: Plan, network: string, address: IpAddress): PlanNode | null =>
  plan.nodes.find(({ interfaces }) =>
    interfaces.some((one) => one.network === network && holds(one.addresses, address)),
  ) ?? null;

const isGateway = ({ networks }: Plan, name: string, address: IpAddress): boolean =>
  networks.some((network) => network.name === name && holds(network.gateway, address));

const holds = (prefixes: readonly string[], address: IpAddress): boolean =>
  prefixes.some((text) => {
    const prefix = parsePrefix(text);
    return prefix.ok && sameIp(prefix.value.address, address);
  });
