// `routes`, `rules` and `nat` as written, resolved.
import { formatIp, parseIp } from '../../base/addresses.ts';
import type { PlanNat, PlanRoute, PlanRule } from '../../model/plan.ts';
import type { Route } from '../../model/scenario-file.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import { prefixesOf, reportBridge, sharedNetwork, sideOf } from './places.ts';
import type { Node, Topology } from './topology.ts';

export interface OnNode<T> {
  readonly on: string;
  readonly path: Path;
  readonly value: T;
}

/** One `routes` entry gives a route for each prefix that `to` stands for. */
export function writtenRoutes(context: Context, topology: Topology): readonly OnNode<PlanRoute>[] {
  return (context.scenario.routes ?? []).flatMap((route, index) => {
    const path = ['routes', index];
    const node = topology.nodes.get(route.on);
    if (node === undefined) return [];
    const targets =
      route.to === 'default'
        ? ['0.0.0.0/0', '::/0']
        : prefixesOf(context, topology, route.to, [...path, 'to']);
    const isLocal = route.kind === 'unreachable' || route.kind === 'blackhole';
    const hops = isLocal ? [] : nextHops(context, topology, node, route, path);
    return targets.flatMap((to): OnNode<PlanRoute>[] => {
      const common = {
        to,
        table: route.table ?? ('main' as const),
        kind: route.kind ?? ('unicast' as const),
        ...(route.metric === undefined ? {} : { metric: route.metric }),
      };
      if (isLocal) return [{ on: node.name, path, value: { ...common, interface: 'lo' } }];
      const hop = hops.find(({ via }) => via.includes(':') === to.includes(':'));
      return hop === undefined ? [] : [{ on: node.name, path, value: { ...common, ...hop } }];
    });
  });
}

/** How many neighbours a help line names. */
const SHOWN_NEIGHBOURS = 6;

type NextHop = Required<Pick<PlanRoute, 'via' | 'interface'>> & Pick<PlanRoute, 'viaMac'>;

/** The next hop's address of each family; none, and a report, when the node cannot reach it directly. */
function nextHops(
  context: Context,
  topology: Topology,
  node: Node,
  route: Route,
  path: Path,
): readonly NextHop[] {
  if (route.via === undefined) {
    context.report('S074', path, `The route to "${route.to}" has no next hop`, {
      help: 'Add "via" with a host on a network of the same host, or "kind: unreachable"',
    });
    return [];
  }
  const at = [...path, 'via'];
  const neighbour = topology.nodes.get(route.via);
  if (neighbour?.bridge !== undefined) {
    reportBridge(context, neighbour, at);
    return [];
  }
  if (neighbour !== undefined) {
    const shared = sharedNetwork(node, neighbour);
    if (shared === undefined) {
      context.report('S074', at, `The next hop "${route.via}" is on no network of "${node.name}"`, {
        help: `Networks of "${node.name}": ${node.members.map(({ network }) => network).join(', ') || 'none'}`,
      });
      return [];
    }
    return shared.other.addresses.map(({ text }) => ({
      via: text,
      viaMac: shared.other.mac,
      interface: shared.own.interface,
    }));
  }
  if (context.written.nodes.has(route.via)) return [];
  const parsed = parseIp(route.via);
  if (!parsed.ok) {
    context.report('S060', at, `There is no host or container "${route.via}"`, {
      help:
        context.suggest(route.via, topology.nodes.keys()) ??
        'Write an address, a host or a container',
    });
    return [];
  }
  const via = formatIp(parsed.value);
  const side = sideOf(topology, node, via);
  if (side?.other === undefined) {
    context.report('S074', at, `No neighbour of "${node.name}" has the address "${route.via}"`, {
      help: nextHopHelp(topology, node),
    });
    return [];
  }
  return [{ via, viaMac: side.other.mac, interface: side.own.interface }];
}

function nextHopHelp(topology: Topology, node: Node): string {
  const known = node.members.flatMap(({ segment }) =>
    (topology.segments.get(segment)?.members ?? [])
      .filter((member) => member.node !== node.name)
      .flatMap((member) => member.addresses.map(({ text }) => `${member.node} (${text})`)),
  );
  if (known.length === 0) return `Put "${node.name}" and the next hop on one network`;
  const more = known.length > SHOWN_NEIGHBOURS ? ', …' : '';
  return `Write a neighbour of "${node.name}" or its address: ${known.slice(0, SHOWN_NEIGHBOURS).join(', ')}${more}`;
}

/** Without a priority of their own, rules are looked at in the order of the file, before the main table's 32766. */
const FIRST_PRIORITY = 1000;

export function writtenRules(context: Context, topology: Topology): readonly OnNode<PlanRule>[] {
  return (context.scenario.rules ?? []).flatMap((rule, index) => {
    const path = ['rules', index];
    const node = topology.nodes.get(rule.on);
    if (node === undefined) return [];
    const side = (key: 'from' | 'to'): readonly (string | undefined)[] => {
      const word = rule[key];
      return word === undefined ? [undefined] : prefixesOf(context, topology, word, [...path, key]);
    };
    const sources = side('from');
    const destinations = side('to');
    const families = ([4, 6] as const).filter((family) =>
      node.members.some(({ addresses }) =>
        addresses.some(({ address }) => address.family === family),
      ),
    );
    return families.flatMap((family) => {
      const fits = (prefix: string | undefined): boolean =>
        prefix === undefined || prefix.includes(':') === (family === 6);
      return sources.filter(fits).flatMap((from) =>
        destinations.filter(fits).map((to): OnNode<PlanRule> => ({
          on: node.name,
          path,
          value: {
            family,
            priority: rule.priority ?? FIRST_PRIORITY + index,
            ...(from === undefined ? {} : { from }),
            ...(to === undefined ? {} : { to }),
            ...(rule.fwmark === undefined ? {} : { fwmark: rule.fwmark }),
            table: rule.table,
          },
        })),
      );
    });
  });
}

export function writtenNat(context: Context, topology: Topology): readonly OnNode<PlanNat>[] {
  return (context.scenario.nat ?? []).flatMap((nat, index): OnNode<PlanNat>[] => {
    const path = ['nat', index];
    const node = topology.nodes.get(nat.on);
    if (node === undefined) return [];
    const side = node.members.find(({ network }) => network === nat.out);
    if (side !== undefined)
      return [{ on: node.name, path, value: { interface: side.interface, masquerade: true } }];
    if (!context.written.networks.has(nat.out)) return [];
    context.report(
      'S076',
      [...path, 'out'],
      `The ${node.kind} "${nat.on}" is not on the network "${nat.out}"`,
      {
        help: `Networks of "${nat.on}": ${node.members.map(({ network }) => network).join(', ') || 'none'}`,
      },
    );
    return [];
  });
}
