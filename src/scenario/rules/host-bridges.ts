import type { Context } from '../context.ts';
import type { Network } from '../resolve/topology.ts';
import type { Rule } from './rule.ts';

/** A network's own bridge is a host of it that has a stack of its own: what the lab's segment does for networks, it does not. */
export const hostBridges: Rule = (context, { lab: { topology } }) => {
  for (const [name, { bridge }] of Object.entries(context.scenario.networks ?? {})) {
    const network = topology.networks.get(name);
    if (bridge === undefined || network === undefined || context.partial) continue;
    const fault = faultOf(context, network, bridge);
    if (fault)
      context.report('S130', ['networks', name, 'bridge'], fault.message, { help: fault.help });
  }
};

interface BridgeFault {
  readonly message: string;
  readonly help: string;
}

function faultOf(context: Context, network: Network, bridge: string): BridgeFault | undefined {
  const { name, members } = network;
  if (!members.some(({ node }) => node === bridge))
    return {
      message: `The network "${name}" has its bridge on "${bridge}", which is not on it`,
      help: `Add "${bridge}" to its members, or name one of: ${members.map(({ node }) => node).join(', ')}`,
    };
  const node = context.nodes.get(bridge);
  if (node?.kind !== 'host' || node.stack !== 'namespace' || node.bridge !== undefined)
    return {
      message: `"${bridge}" cannot have the bridge of the network "${name}"`,
      help: 'Name a host with a stack of its own that is no bridge itself',
    };
  if (network.machines.length > 1)
    return {
      message: `The network "${name}" has its bridge on a host and members on ${network.machines.length} machines`,
      help: 'Put its members on one machine, or leave the bridge to the lab',
    };
  if (network.uplink || members.some(({ impairment }) => impairment !== undefined))
    return {
      message: `The network "${name}" has its bridge on a host, and ${network.uplink ? 'an uplink' : 'impairments'}`,
      help: 'Leave the bridge to the lab, or write the other for a network beside it',
    };
  return undefined;
}
