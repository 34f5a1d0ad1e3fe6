// What makes several tunnels of a client carry, one at a time, what has no tunnel of its own around it. The end of its table and the rules that
// lead there come first, so that nothing of it ever leaves by another way.
import type { PlanNode, PlanRule, Step } from '../../model/plan.ts';
import type { KeptWay, ResolvedBundle } from '../resolve/tunnel/bundles.ts';
import { GROUP_MASK } from '../resolve/tunnel/marks.ts';
import { TunnelStepMaker } from './tunnel-step-maker.ts';
import { UNMARKED, defaultOf } from './tunnel-steps.ts';

/** What is bound to the address of one tunnel, before what looks for the one in force. */
const KEPT = 150;

export function bundleSteps(
  nodes: readonly PlanNode[],
  bundles: readonly ResolvedBundle[],
): Step[] {
  return bundles.flatMap((resolved) => {
    const { bundle, kept } = resolved;
    const client = nodes.find(({ name }) => name === bundle.client);
    if (client === undefined) return [];
    const steps = new TunnelStepMaker(bundle.name, client);
    return [
      ...wayInForce(steps, resolved),
      ...kept.flatMap((way) => wayOf(steps, way)),
      leakCounter(steps, resolved),
    ];
  });
}

/** All that is to go by it looks into one table, whose default leads into the tunnel in force. */
function wayInForce(steps: TunnelStepMaker, { bundle, closed }: ResolvedBundle): Step[] {
  const { routed, over, migration } = bundle;
  const { table, families } = migration;
  const isAll = routed.some((to) => to.endsWith('/0'));
  const rules = closed.flatMap((family): PlanRule[] => {
    const unmarked = { family, not: true, fwmark: table - 1, mask: GROUP_MASK, table } as const;
    if (isAll) return [{ ...unmarked, priority: UNMARKED + 1 }];
    return routed
      .filter((to) => to.includes(':') === (family === 6))
      .map((to) => ({ family, priority: UNMARKED, to, table }));
  });
  return [
    ...closed.map((family) => steps.unreachable(defaultOf(family), table)),
    ...rules.map((rule) => steps.rule(rule)),
    ...families
      .filter((family) => closed.includes(family))
      .map((family) => steps.route({ to: defaultOf(family), interface: over[0] ?? '', table })),
  ];
}

/** What is bound to its address goes by this tunnel, or nowhere. */
const wayOf = (steps: TunnelStepMaker, { tunnel, addresses, table }: KeptWay): Step[] =>
  addresses.flatMap((from) => {
    const family = from.includes(':') ? 6 : 4;
    return [
      steps.unreachable(defaultOf(family), table),
      steps.rule({ family, priority: KEPT, from, table }),
      steps.route({ to: defaultOf(family), interface: tunnel, table }),
    ];
  });

function leakCounter(steps: TunnelStepMaker, { bundle, marks }: ResolvedBundle): Step {
  const { name, client, over, routed } = bundle;
  const leak = { tunnel: name, interfaces: over, routed: { prefixes: routed, marks } };
  return steps.inside(
    'leaks',
    { kind: 'leak-counter', node: client, leak },
    `nft add rule inet runner tunnels-out ip daddr { ${routed.join(', ')} } meta mark != ${marks.low}-${marks.high} oifname != { ${over.join(', ')} } counter`,
  );
}
