import type { IpAddress } from '../../base/addresses.ts';
import type { PlanInterface, PlanNetwork, PlanNode } from '../../model/plan.ts';
import { buildRouteTable } from '../../roles/forward/route-table.ts';
import { type Egress, type Hop, LONGEST_PACKET, LOOPBACK, type RawInterface } from './egress.ts';

/**
 * The ways that a plan knows, next hops included. Where only the kernel knows the way (policy routing, an engine's own
 * network, an address that is no member's) `kernel` is asked.
 */
export function createPlanEgress(
  node: PlanNode,
  networks: readonly PlanNetwork[],
  kernel: Egress,
): Egress {
  if (node.rules.length > 0 || node.stack !== 'namespace') return kernel;
  const routes = buildRouteTable(node, networks);
  const planned = (destination: IpAddress): Hop | undefined => {
    const route = routes.lookup(destination.family, destination.bytes, 0);
    if (route?.kind === 'local') return LOOPBACK;
    const device = node.interfaces[route?.port ?? -1];
    if (route?.kind !== 'hop' || !device) return undefined;
    return { interface: toRawInterface(device), macs: route.macs };
  };
  return {
    find: async (source, destination) =>
      planned(destination) ?? (await kernel.find(source, destination)),
  };
}

export const toRawInterface = ({ name, mtu, offload }: PlanInterface): RawInterface => ({
  name,
  longestPacket: offload ? LONGEST_PACKET : mtu,
});
