import type { ContainerSpec } from './container.ts';
import type { Plan, PlanNode } from './plan.ts';

/** A node that is a container. */
export type ContainerNode = PlanNode & { readonly container: ContainerSpec };

export const containerNodes = ({ nodes }: Pick<Plan, 'nodes'>): ContainerNode[] =>
  nodes.filter((node): node is ContainerNode => node.container !== undefined);

export const hasContainers = (plan: Pick<Plan, 'nodes'>): boolean =>
  containerNodes(plan).length > 0;

/** Whether anything of the plan censors: a censor of ours, or a container that is one. */
export const hasCensors = (plan: Pick<Plan, 'nodes' | 'censors'>): boolean =>
  plan.censors.length > 0 ||
  containerNodes(plan).some(({ container }) => container.censor && !container.idle);
