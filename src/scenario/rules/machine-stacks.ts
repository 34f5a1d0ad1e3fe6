import type { Context } from '../context.ts';
import { groupBy } from '../group.ts';
import type { Lab } from '../resolve/lab.ts';
import type { Node } from '../resolve/topology.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** A host that is the stack of its machine adds to it and takes part; it changes nothing that the machine has. */
export const machineStacks: Rule = (context, { lab }) => {
  for (const { node, path, what } of changes(context, lab))
    context.report(
      'S146',
      path,
      `The host "${node.name}" is the stack of the machine "${node.machine}" and cannot ${what}`,
      {
        key: path[0] === 'hosts',
        help: 'It would change the machine itself: let a host or a container of its own do it',
      },
    );
  const hosts = [...lab.topology.nodes.values()].filter(isStack);
  for (const [machine, own] of groupBy(hosts, (node) => node.machine)) {
    const [first, ...others] = own;
    for (const other of first === undefined ? [] : others)
      context.report(
        'S146',
        [...other.path, 'network'],
        `The hosts "${first?.name ?? ''}" and "${other.name}" are both the stack of the machine "${machine}", which has one`,
        {
          related: [{ message: 'The other host', span: context.spanOf(first?.path ?? other.path) }],
          help: `Use "${first?.name ?? ''}" for both`,
        },
      );
  }
};

const isStack = ({ kind, stack }: Node): boolean => kind === 'host' && stack === 'machine';

interface Change {
  readonly node: Node;
  readonly path: Path;
  readonly what: string;
}

function* changes({ scenario }: Context, { topology }: Lab): Generator<Change> {
  const stack = (name: string): Node[] => {
    const node = topology.nodes.get(name);
    return node !== undefined && isStack(node) ? [node] : [];
  };
  for (const [index, { on }] of (scenario.censor ?? []).entries())
    for (const node of stack(on))
      yield { node, path: ['censor', index, 'on'], what: 'have a censor' };
  for (const [index, { on }] of (scenario.rules ?? []).entries())
    for (const node of stack(on))
      yield { node, path: ['rules', index, 'on'], what: 'have policy rules' };
  for (const [index, { on }] of (scenario.nat ?? []).entries())
    for (const node of stack(on))
      yield { node, path: ['nat', index, 'on'], what: 'translate addresses' };
  for (const [index, { on, to, table, kind = 'unicast' }] of (scenario.routes ?? []).entries())
    for (const node of stack(on)) {
      const path = ['routes', index];
      if (to === 'default' || to.endsWith('/0'))
        yield { node, path: [...path, 'to'], what: 'have another default route' };
      else if (kind !== 'unicast')
        yield { node, path: [...path, 'kind'], what: `have a route of the kind "${kind}"` };
      else if (table !== undefined)
        yield { node, path: [...path, 'table'], what: 'have a routing table of the lab' };
    }
  for (const [name, { bridge = false, forwarding }] of Object.entries(scenario.hosts ?? {}))
    for (const node of stack(name)) {
      if (bridge !== false) yield { node, path: [...node.path, 'bridge'], what: 'be a bridge' };
      if (forwarding === true)
        yield { node, path: [...node.path, 'forwarding'], what: 'forward for the lab' };
    }
}
