import { groupBy } from '../group.ts';
import type { ResolvedFlow } from '../resolve/flows.ts';
import { waitsFor } from './flow-ancestry.ts';
import type { Rule } from './rule.ts';

/** Flows that meet at a barrier can all get there. */
export const barriers: Rule = (context, { flows, controls, proxyControls }) => {
  const waits = waitsFor(flows, [...controls, ...proxyControls]);
  const waiting = flows.filter(({ flow }) => flow.barrier !== undefined);
  for (const [barrier, own] of groupBy(waiting, ({ flow }) => flow.barrier ?? '')) {
    for (const item of own) {
      const awaited = own.find((other) => waits(item.flow.name, other.flow.name));
      if (awaited !== undefined)
        context.report(
          'S161',
          [...item.path, 'barrier'],
          `"${item.flow.name}" begins after the end of "${awaited.flow.name}", which waits for it at the barrier "${barrier}"`,
          {
            related: [{ message: 'The other flow', span: context.spanOf(awaited.path) }],
            help: 'Remove one of "after" and "barrier"',
          },
        );
    }
    const [only, other] = own;
    if (only !== undefined && other === undefined && isAlone(context.off.flows, context.partial))
      context.report('S161', barrierOf(only), `Nobody else waits at the barrier "${barrier}"`, {
        severity: 'warning',
        help: context.suggest(
          barrier,
          waiting.flatMap(({ flow }) => (flow.barrier === barrier ? [] : [flow.barrier ?? ''])),
        ),
      });
  }
};

const barrierOf = ({ path }: ResolvedFlow): ResolvedFlow['path'] => [...path, 'barrier'];

/** Others may be switched off, or have been left out for their faults. */
const isAlone = (off: ReadonlySet<string>, partial: boolean): boolean => off.size === 0 && !partial;
