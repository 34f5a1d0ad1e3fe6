import type { PlanMirror } from '../../model/mirror.ts';
import type { PlanCensor, PlanNetwork, PlanNode, PlanProxy, Step } from '../../model/plan.ts';
import type { Flow } from '../../model/traffic.ts';
import { addressSteps } from './address-steps.ts';
import { hostBridgeSteps, nodeBridgeSteps } from './bridge-steps.ts';
import { bundleSteps } from './bundle-steps.ts';
import { containerSteps } from './container-steps.ts';
import { divertSteps } from './divert-steps.ts';
import { type Bridges, bridgeSteps, linkSteps, segmentSteps, uplinkSteps } from './link-steps.ts';
import { namespaceSteps, sysctlSteps } from './node-steps.ts';
import { mirrorSteps } from './mirror-steps.ts';
import { onMachines } from './on-machines.ts';
import { scriptSteps } from './script-steps.ts';
import { trunkSteps } from './trunk-steps.ts';
import { tunnelSteps } from './tunnel-steps.ts';
import type { ResolvedBundle } from '../resolve/tunnel/bundles.ts';
import type { ResolvedTunnel } from '../resolve/tunnel/tunnels.ts';
import { pathSteps } from './path-steps.ts';

/** What acts in the lab, and what needs something of its nodes. */
interface Acting {
  readonly censors: readonly PlanCensor[];
  readonly proxies: readonly PlanProxy[];
  readonly flows: readonly Flow[];
  readonly tunnels: readonly ResolvedTunnel[];
  readonly bundles: readonly ResolvedBundle[];
  readonly mirrors: readonly PlanMirror[];
}

/** Everything that building the lab does, in an order in which each step finds what it needs. */
export function planSteps(
  nodes: readonly PlanNode[],
  networks: readonly PlanNetwork[],
  { censors, proxies, flows, tunnels, bundles, mirrors }: Acting,
  bridges: Bridges,
): Step[] {
  const on = onMachines(nodes);
  const own = nodes.filter(({ stack }) => stack === 'namespace');
  // In the stack of a machine, the lab has its interfaces, their addresses, and routes out of them: nothing else.
  const withLinks = nodes.filter(({ stack }) => stack !== 'engine');
  const byName = new Map(nodes.map((node) => [node.name, node]));
  return [
    ...on.own(containerSteps(nodes)),
    ...on.own(namespaceSteps(own.filter(({ kind }) => kind === 'host'))),
    ...on.own(sysctlSteps(own)),
    ...on.own(scriptSteps(own, flows)),
    ...bridgeSteps(networks, bridges, on),
    ...on.own(linkSteps(networks, byName, bridges)),
    ...on.own(hostBridgeSteps(own, networks)),
    ...trunkSteps(networks, bridges),
    ...on.own(addressSteps(withLinks, networks)),
    ...segmentSteps(networks, on),
    ...on.own(nodeBridgeSteps(own)),
    ...on.own(pathSteps(own, censors)),
    ...on.own(divertSteps(own, proxies)),
    ...uplinkSteps(networks, on),
    ...on.own(tunnelSteps(own, tunnels)),
    ...on.own(bundleSteps(own, bundles)),
    ...on.own(mirrorSteps(own, networks, mirrors)),
  ];
}
