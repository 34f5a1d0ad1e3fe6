import type { Context } from '../context.ts';
import type { WrittenNode } from '../nodes.ts';
import { texts, writtenMembers } from '../resolve/members.ts';
import type { Topology } from '../resolve/topology.ts';
import type { Path } from '../source/tree.ts';
import { counted } from '../text.ts';
import type { Rule } from './rule.ts';

/** A bridge joins networks and does nothing that takes an address; what a program of its own carries no censor can hold. */
export const bridges: Rule = (context, { lab: { topology } }) => {
  for (const node of context.nodes.values())
    if (node.bridge !== undefined) checkBridge(context, topology, node);
  for (const { name, path, what, help } of hostParts(context)) {
    const node = topology.nodes.get(name);
    if (node?.bridge !== undefined)
      context.report('S132', path, `The ${node.kind} "${name}" is a bridge and cannot ${what}`, {
        help,
      });
  }
  checkCensors(context, topology);
};

function checkCensors(context: Context, topology: Topology): void {
  for (const [index, { on, position }] of (context.scenario.censor ?? []).entries())
    for (const { text: name, path } of texts(on, ['censor', index, 'on'])) {
      const node = topology.nodes.get(name);
      if (node?.bridge !== 'program' || position === 'on-path') continue;
      context.report(
        'S132',
        path,
        `The frames of the ${node.kind} "${name}" are carried by a program of its own: no other censor can be in their way`,
        {
          help: 'Write "bridge: true" for it, or "position: on-path" for a censor that sees copies',
        },
      );
    }
}

function checkBridge(context: Context, topology: Topology, node: WrittenNode): void {
  const { name, kind, path, stack } = node;
  const sides = topology.nodes.get(name)?.members ?? [];
  // Another rule speaks of a container on a foreign stack.
  const isOurs = kind === 'host' || stack === 'namespace';
  if (sides.length < 2 && isOurs && !context.partial)
    context.report(
      'S130',
      [...path, 'bridge'],
      `The ${kind} "${name}" is a bridge and joins nothing: it is on ${counted(sides.length, 'network')}`,
      {
        key: true,
        help:
          stack === 'namespace'
            ? `Add "${name}" to the members of two networks or more`
            : 'Remove "network: machine" from it, and add it to the members of two networks or more',
      },
    );
  if (node.forwarding === true)
    context.report(
      'S130',
      [...path, 'forwarding'],
      `The ${kind} "${name}" is a bridge: it carries frames and does not forward packets`,
      { key: true, help: 'Remove "forwarding", or "bridge" for a router' },
    );
  for (const at of addressPaths(context, node))
    context.report('S130', at, `The ${kind} "${name}" is a bridge and has no addresses`, {
      help: 'Remove the address, or "bridge" for a router',
    });
}

/** Where the file gives it addresses. */
function addressPaths({ scenario }: Context, { name, path, interfaces }: WrittenNode): Path[] {
  const overrides = [...interfaces].flatMap(([network, { addresses }]): Path[] =>
    addresses === undefined ? [] : [[...path, 'interfaces', network, 'addresses']],
  );
  const members = Object.entries(scenario.networks ?? {}).flatMap(([network, written]) =>
    writtenMembers(['networks', network], written).flatMap((place): Path[] =>
      place.node === name && place.own.address !== undefined ? [[...place.path, 'address']] : [],
    ),
  );
  return [...overrides, ...members];
}

interface Part {
  readonly name: string;
  readonly path: Path;
  readonly what: string;
  readonly help: string;
}

const ROUTER = 'Put it on a host or container that routes';

/** What the file has a node do that takes an address of its own. */
function* hostParts({ scenario }: Context): Generator<Part> {
  for (const section of ['routes', 'rules', 'nat'] as const)
    for (const [index, { on }] of (scenario[section] ?? []).entries())
      yield { name: on, path: [section, index, 'on'], what: 'route', help: ROUTER };
  for (const [index, entry] of (scenario.traffic ?? []).entries()) {
    const help = 'Let a host on one of its networks do it';
    if (entry.serve !== undefined && entry.on !== undefined)
      yield { name: entry.on, path: ['traffic', index, 'on'], what: 'serve', help };
    if (entry.probe !== undefined && entry.from !== undefined)
      yield { name: entry.from, path: ['traffic', index, 'from'], what: 'start a probe', help };
  }
}
