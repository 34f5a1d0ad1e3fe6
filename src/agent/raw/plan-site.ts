import { clockMicros } from '../../kernel/waiter.ts';
import type { AgentContext } from '../context.ts';
import { createKernelEgress } from './kernel-egress.ts';
import { createPlanEgress, toRawInterface } from './plan-egress.ts';
import { toRawScript } from './raw-script.ts';
import type { RawSite } from './raw-site.ts';

/** The nodes of this machine's share of a plan. */
export function createPlanSite(context: AgentContext): RawSite {
  const { plan } = context;
  return {
    seed: plan.seed,
    hasNat: plan.nodes.some(({ nat }) => nat.length > 0),
    script: (flow) => {
      const probe = plan.flows.find(({ name }) => name === flow)?.probe;
      return probe?.kind === 'script' ? toRawScript(probe) : undefined;
    },
    stack: (name) => {
      const node = plan.nodes.find((candidate) => candidate.name === name);
      if (!node) return undefined;
      const fd = context.namespaceFd(name);
      return {
        namespaceFd: fd,
        egress: createPlanEgress(node, plan.networks, createKernelEgress(fd)),
        interfaces: node.interfaces.map(toRawInterface),
      };
    },
    onLoss: ({ place, count, what }) =>
      context.emit({ kind: 'loss', time: clockMicros(), place, count, what, isDeclared: false }),
    onBroken: ({ kind, message }) =>
      context.emit({ kind: 'broken', time: clockMicros(), fault: { kind, message } }),
  };
}
