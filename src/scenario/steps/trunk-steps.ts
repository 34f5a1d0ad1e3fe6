import type { PlanNetwork, PlanTrunk, Step } from '../../model/plan.ts';
import { SEGMENT, ip } from './commands.ts';
import type { Bridges } from './link-steps.ts';
import { markOf } from './on-machines.ts';

/** VXLAN's port (RFC 7348 section 5). */
const PORT = 4789;

/**
 * The devices that lead to a network's members on other machines. Their UDP sockets are in the stack of the machine, they
 * themselves in the lab's segment.
 */
export function trunkSteps(networks: readonly PlanNetwork[], bridges: Bridges): Step[] {
  return networks.flatMap((network) =>
    (network.trunks ?? []).map((trunk) => ({
      id: `trunk:${network.name}@${trunk.machine}`,
      ...markOf(trunk.machine),
      do: { kind: 'trunk', network: network.name, trunk, mtu: network.mtu },
      command: trunkCommand(trunk, network.mtu, bridges.get(network.name)),
      undo: ip(null, `link del ${trunk.interface}`),
    })),
  );
}

/** `$base` is the lab's own number; frames for whom no peer is known yet go to all of them. */
function trunkCommand(
  { interface: device, vni, peers }: PlanTrunk,
  mtu: number,
  bridge: string | undefined,
): string {
  const master = bridge === undefined ? '' : ` master ${bridge}`;
  return [
    `ip link add ${device} mtu ${mtu}${master} netns ${SEGMENT} type vxlan id $base+${vni} dstport ${PORT}`,
    ...peers.map(
      (peer) => `bridge -n ${SEGMENT} fdb append 00:00:00:00:00:00 dev ${device} dst ${peer}`,
    ),
  ].join(' && ');
}
