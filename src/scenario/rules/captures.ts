import type { Context } from '../context.ts';
import type { ResolvedTunnel } from '../resolve/tunnel/tunnels.ts';
import type { Node } from '../resolve/topology.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** Captures are of interfaces that exist, each once. */
export const captures: Rule = (context, { captures: all, lab, tunnels }) => {
  const taken = new Map<string, Path>();
  for (const { capture, path } of all) {
    const first = taken.get(capture.file);
    if (first === undefined) taken.set(capture.file, path);
    else
      context.report(
        'S101',
        path,
        `The interface of "${capture.node}" on "${capture.network}" is captured twice`,
        { related: [{ message: 'Captured here as well', span: context.spanOf(first) }] },
      );
  }
  if (!context.partial) checkInterfaces(context, lab.topology.nodes, tunnels);
};

function checkInterfaces(
  context: Context,
  nodes: ReadonlyMap<string, Node>,
  tunnels: readonly ResolvedTunnel[],
): void {
  for (const [index, written] of (context.scenario.captures ?? []).entries()) {
    const entry = typeof written === 'string' ? { on: written } : written;
    const node = nodes.get(entry.on);
    // Another rule speaks of a container on a foreign stack.
    if (node === undefined || (node.kind === 'container' && node.stack !== 'namespace')) continue;
    const networks = [...node.members.map(({ network }) => network), ...tunnelsOf(node, tunnels)];
    if (entry.interface !== undefined) checkMachineInterface(context, node, entry, index);
    else if (networks.length === 0)
      context.report(
        'S100',
        ['captures', index],
        `The ${node.kind} "${entry.on}" has no interface to capture`,
        {
          help:
            node.stack === 'machine'
              ? `Write { on: ${entry.on}, interface: eth0 } for one of its machine's`
              : 'Add it to the members of a network',
        },
      );
    else if (
      entry.network !== undefined &&
      (context.written.networks.has(entry.network) ||
        context.scenario.tunnels?.[entry.network] !== undefined) &&
      !networks.includes(entry.network)
    )
      context.report(
        'S100',
        ['captures', index, 'network'],
        `The ${node.kind} "${entry.on}" has no interface on the network "${entry.network}"`,
        { help: `Its networks: ${networks.join(', ')}` },
      );
  }
}

const tunnelsOf = ({ name }: Node, tunnels: readonly ResolvedTunnel[]): readonly string[] =>
  tunnels
    .filter(({ tunnel }) => [tunnel.client.node, tunnel.server.node].includes(name))
    .map(({ tunnel }) => tunnel.name);

/** Only a host on the stack of its machine sees what the machine has. */
function checkMachineInterface(
  context: Context,
  { name, stack, members }: Node,
  entry: { readonly interface?: string; readonly network?: string },
  index: number,
): void {
  const device = entry.interface ?? '';
  const path = ['captures', index, 'interface'];
  if (stack !== 'machine')
    context.report('S100', path, `The host "${name}" has no interfaces of a machine`, {
      help: 'Write "network" with the name of a network instead, or give the host "network: machine"',
    });
  else if (entry.network !== undefined)
    context.report('S098', path, '"interface" does not go with "network"', {
      key: true,
      help: 'Write one entry for each',
    });
  else if (context.written.networks.has(device))
    context.report('S100', path, `The interface "${device}" has the name of a network`, {
      help: 'Give the network another name: captures are told apart by it',
    });
  else if (members.some((side) => side.interface === device))
    context.report('S100', path, `The interface "${device}" is one of the lab`, {
      help: 'Write "network" with the name of its network',
    });
  else if (device === 'any')
    context.report(
      'S100',
      path,
      'The interface "any" is none: its packets have no link of their own',
      {
        help: 'Write an entry for each interface: "ip link" shows them',
      },
    );
}
