import type { Context } from '../context.ts';
import type { Node } from '../resolve/topology.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** Captures are of interfaces that exist, each once. */
export const captures: Rule = (context, { captures: all, lab }) => {
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
  if (!context.partial) checkInterfaces(context, lab.topology.nodes);
};

function checkInterfaces(context: Context, nodes: ReadonlyMap<string, Node>): void {
  for (const [index, written] of (context.scenario.captures ?? []).entries()) {
    const entry = typeof written === 'string' ? { on: written } : written;
    const node = nodes.get(entry.on);
    // Another rule speaks of a container on a foreign stack.
    if (node === undefined || (node.kind === 'container' && node.stack !== 'namespace')) continue;
    const networks = node.members.map(({ network }) => network);
    if (networks.length === 0)
      context.report(
        'S100',
        ['captures', index],
        `The ${node.kind} "${entry.on}" has no interface to capture`,
        {
          help: 'Add it to the members of a network',
        },
      );
    else if (
      entry.network !== undefined &&
      context.written.networks.has(entry.network) &&
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
