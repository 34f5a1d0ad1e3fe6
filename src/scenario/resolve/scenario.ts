// Everything resolved that the rules look at and the plan is made of.
import type { Context } from '../context.ts';
import { type ResolvedCapture, resolveCaptures } from './captures.ts';
import { type ResolvedCensor, resolveCensors } from './censor/censors.ts';
import { type ResolvedControl, resolveControls } from './censor/controls.ts';
import { type ResolvedContainer, resolveContainers } from './container/spec.ts';
import { type ResolvedExpectation, resolveExpectations } from './expectations.ts';
import { type ResolvedFlow, resolveFlows } from './flows.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { type Lab, resolveLab } from './lab.ts';
import { type Machines, resolveMachines } from './machines.ts';
import { type ResolvedMirror, resolveMirrors } from './mirror/mirrors.ts';
import { type ResolvedProxyControl, resolveProxyControls } from './relay/controls.ts';
import { type ResolvedProxy, resolveProxies } from './relay/proxies.ts';
import { type ResolvedTunnelControl, resolveTunnelControls } from './tunnel/controls.ts';
import type { ResolvedBundle } from './tunnel/bundles.ts';
import { type ResolvedTunnel, resolveTunnels } from './tunnel/tunnels.ts';
import { type ResolvedService, resolveServices } from './services.ts';

export interface Resolved {
  readonly machines: Machines;
  readonly lab: Lab;
  /** By name. */
  readonly containers: ReadonlyMap<string, ResolvedContainer>;
  readonly censors: readonly ResolvedCensor[];
  readonly controls: readonly ResolvedControl[];
  readonly proxies: readonly ResolvedProxy[];
  readonly proxyControls: readonly ResolvedProxyControl[];
  readonly tunnels: readonly ResolvedTunnel[];
  readonly bundles: readonly ResolvedBundle[];
  readonly tunnelControls: readonly ResolvedTunnelControl[];
  readonly mirrors: readonly ResolvedMirror[];
  readonly services: readonly ResolvedService[];
  readonly flows: readonly ResolvedFlow[];
  readonly captures: readonly ResolvedCapture[];
  readonly expectations: readonly ResolvedExpectation[];
}

export function resolveScenario(context: Context, inventory: Inventory): Resolved {
  const machines = resolveMachines(context, inventory);
  const lab = resolveLab(context, machines);
  const { tunnels, bundles } = resolveTunnels(context, lab);
  const captures = resolveCaptures(context, lab, tunnels);
  const services = resolveServices(context, lab);
  const censors = resolveCensors(context, lab);
  return {
    machines,
    lab,
    containers: resolveContainers(context),
    censors,
    controls: resolveControls(context, lab, censors),
    proxies: resolveProxies(context, lab),
    proxyControls: resolveProxyControls(context),
    tunnels,
    bundles,
    tunnelControls: resolveTunnelControls(context),
    mirrors: resolveMirrors(context, lab),
    services,
    flows: resolveFlows(
      context,
      lab,
      services.map(({ service }) => service),
    ),
    captures,
    expectations: resolveExpectations(context, captures),
  };
}
