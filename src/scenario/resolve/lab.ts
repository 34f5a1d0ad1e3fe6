// The topology with its routing: what traffic, censors and captures are resolved against.
import {
  type IpAddress,
  type IpPrefix,
  parsePrefix,
  prefixContains,
} from '../../base/addresses.ts';
import type { PlanNat, PlanRoute, PlanRule } from '../../model/plan.ts';
import type { Context } from '../context.ts';
import { groupBy } from '../group.ts';
import { servedNames } from './host-names.ts';
import { deriveRoutes } from './routing.ts';
import type { Machines } from './machines.ts';
import { resolveTopology } from './build-topology.ts';
import type { Topology } from './topology.ts';
import { type WebContent, resolveWeb } from './web/web.ts';
import { type OnNode, writtenNat, writtenRoutes, writtenRules } from './written-routes.ts';

export interface Lab {
  readonly topology: Topology;
  /** All tables of each node; written routes replace derived ones to the same prefix. */
  readonly routes: ReadonlyMap<string, readonly PlanRoute[]>;
  readonly rules: ReadonlyMap<string, readonly PlanRule[]>;
  readonly nat: ReadonlyMap<string, readonly PlanNat[]>;
  readonly writtenRoutes: readonly OnNode<PlanRoute>[];
  readonly writtenRules: readonly OnNode<PlanRule>[];
  /** Names that services answer to, with their nodes. */
  readonly served: ReadonlyMap<string, readonly string[]>;
  /** What web servers give, by the place of their entries in `traffic`. */
  readonly web: ReadonlyMap<number, WebContent>;
  /** Whether any table of the node leads to the address. */
  hasRoute(node: string, address: IpAddress): boolean;
}

export function resolveLab(context: Context, machines: Machines): Lab {
  const topology = resolveTopology(context, machines);
  const web = resolveWeb(context);
  const written = writtenRoutes(context, topology);
  const rules = writtenRules(context, topology);
  const nat = writtenNat(context, topology);
  const byNode = groupBy(written, (item) => item.on);
  const routes = new Map<string, readonly PlanRoute[]>();
  for (const [node, derived] of deriveRoutes(topology)) {
    const own = (byNode.get(node) ?? []).map((item) => item.value);
    const replaced = new Set(own.filter(isPlainMain).map(({ to }) => to));
    routes.set(node, [...derived.filter(({ to }) => !replaced.has(to)), ...own]);
  }
  const prefixes = unicastPrefixes(routes);
  return {
    topology,
    routes,
    rules: valuesByNode(rules),
    nat: valuesByNode(nat),
    writtenRoutes: written,
    writtenRules: rules,
    served: servedNames(context.scenario, web),
    web,
    hasRoute: (node, address) => prefixes(node).some((prefix) => prefixContains(prefix, address)),
  };
}

/** The prefixes that a node's tables lead to, read once a node. */
function unicastPrefixes(
  routes: ReadonlyMap<string, readonly PlanRoute[]>,
): (node: string) => readonly IpPrefix[] {
  const known = new Map<string, readonly IpPrefix[]>();
  return (node) => {
    const seen = known.get(node);
    if (seen !== undefined) return seen;
    const own = (routes.get(node) ?? []).flatMap((route) => {
      const prefix = parsePrefix(route.to);
      return route.kind === 'unicast' && prefix.ok ? [prefix.value] : [];
    });
    known.set(node, own);
    return own;
  };
}

const isPlainMain = (route: PlanRoute): boolean =>
  route.table === 'main' && route.metric === undefined;

function valuesByNode<T>(items: readonly OnNode<T>[]): ReadonlyMap<string, readonly T[]> {
  const groups = groupBy(items, (item) => item.on);
  return new Map(Array.from(groups, ([node, own]) => [node, own.map((item) => item.value)]));
}
