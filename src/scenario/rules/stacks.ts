import type { Rule } from './rule.ts';

/** A host on the stack of the machine has the machine's own interfaces, and an uplink is no longer isolated. */
export const stacks: Rule = (context, { lab }) => {
  for (const node of lab.topology.nodes.values()) {
    const [side] = node.members;
    if (node.stack === 'machine' && side !== undefined)
      context.report(
        'S078',
        side.path,
        `The host "${node.name}" is on the stack of the machine and cannot be on the network "${side.network}"`,
        { help: 'Remove "network: machine" from the host' },
      );
  }
  for (const [name, network] of Object.entries(context.scenario.networks ?? {}))
    if (network.uplink === true && network.isolated === true)
      context.report(
        'S079',
        ['networks', name, 'isolated'],
        `The network "${name}" cannot be isolated and have an uplink`,
        { help: 'Remove one of the two' },
      );
};
