import type { PlanCensor, PlanNetwork, PlanNode, Step } from '../../model/plan.ts';
import { addressSteps } from './address-steps.ts';
import { nodeBridgeSteps } from './bridge-steps.ts';
import { containerSteps } from './container-steps.ts';
import { type Bridges, bridgeSteps, linkSteps, segmentSteps, uplinkSteps } from './link-steps.ts';
import { namespaceSteps, sysctlSteps } from './node-steps.ts';
import { pathSteps } from './path-steps.ts';

/** Everything that building the lab does, in an order in which each step finds what it needs. */
export function planSteps(
  nodes: readonly PlanNode[],
  networks: readonly PlanNetwork[],
  censors: readonly PlanCensor[],
  bridges: Bridges,
): Step[] {
  const own = nodes.filter(({ stack }) => stack === 'namespace');
  return [
    ...containerSteps(nodes),
    ...namespaceSteps(own.filter(({ kind }) => kind === 'host')),
    ...sysctlSteps(own),
    ...bridgeSteps(bridges),
    ...linkSteps(networks, new Map(nodes.map((node) => [node.name, node])), bridges),
    ...addressSteps(own, networks),
    ...segmentSteps(networks),
    ...nodeBridgeSteps(own),
    ...pathSteps(own, censors),
    ...uplinkSteps(networks),
  ];
}
