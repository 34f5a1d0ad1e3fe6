import type { Context } from '../context.ts';
import {
  type IpPrefix,
  formatIp,
  parseIp,
  parsePrefix,
  prefixContains,
} from '../../base/addresses.ts';
import { groupBy } from '../group.ts';
import type { Lab } from '../resolve/lab.ts';
import type { Machines } from '../resolve/machines.ts';
import { texts } from '../resolve/members.ts';
import type { Node } from '../resolve/topology.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** A host that is the stack of its machine adds to it and takes part; it changes nothing that the machine has. */
export const machineStacks: Rule = (context, { lab, machines }) => {
  for (const { node, path, what } of [
    ...changes(context, lab),
    ...leadsAway(context, lab, machines),
  ])
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

/** Prefixes that are shorter are halves of the default route, and parts of them: no network of anyone's is that large. */
const NARROWEST = { 4: 8, 6: 7 } as const;

/** Routes that would take what goes to another machine into the lab. */
function* leadsAway(
  { scenario }: Context,
  { topology }: Lab,
  { used }: Machines,
): Generator<Change> {
  for (const [index, { on, to }] of (scenario.routes ?? []).entries()) {
    const node = topology.nodes.get(on);
    const prefix = prefixOf(to);
    if (node === undefined || !isStack(node) || prefix === undefined) continue;
    // Parts of the default route are spoken of as such.
    if (prefix.length < NARROWEST[prefix.address.family]) continue;
    for (const { plan } of used) {
      const address = [plan.underlay.address, plan.ssh?.host]
        .map((text) => parseIp(text ?? ''))
        .find((parsed) => parsed.ok && prefixContains(prefix, parsed.value));
      if (plan.name === node.machine || address?.ok !== true) continue;
      const what = `have a route to "${to}", where the machine "${plan.name}" is (${formatIp(address.value)})`;
      yield { node, path: ['routes', index, 'to'], what };
    }
  }
}

/** A prefix, or an address as one of its own. */
function prefixOf(text: string): IpPrefix | undefined {
  const prefix = parsePrefix(text);
  if (prefix.ok) return prefix.value;
  const address = parseIp(text);
  if (!address.ok) return undefined;
  return { address: address.value, length: address.value.family === 4 ? 32 : 128 };
}

function* changes({ scenario }: Context, { topology }: Lab): Generator<Change> {
  const stack = (name: string): Node[] => {
    const node = topology.nodes.get(name);
    return node !== undefined && isStack(node) ? [node] : [];
  };
  for (const [index, { on }] of (scenario.censor ?? []).entries())
    for (const { text, path } of texts(on, ['censor', index, 'on']))
      for (const node of stack(text)) yield { node, path, what: 'have a censor' };
  for (const [index, { on }] of (scenario.rules ?? []).entries())
    for (const node of stack(on))
      yield { node, path: ['rules', index, 'on'], what: 'have policy rules' };
  for (const [index, { on }] of (scenario.nat ?? []).entries())
    for (const node of stack(on))
      yield { node, path: ['nat', index, 'on'], what: 'translate addresses' };
  for (const [index, { on, to, table, kind = 'unicast' }] of (scenario.routes ?? []).entries())
    for (const node of stack(on)) {
      const path = ['routes', index];
      const prefix = parsePrefix(to);
      if (to === 'default' || to.endsWith('/0'))
        yield { node, path: [...path, 'to'], what: 'have another default route' };
      else if (prefix.ok && prefix.value.length < NARROWEST[prefix.value.address.family])
        yield { node, path: [...path, 'to'], what: `have a part of the default route, "${to}"` };
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
