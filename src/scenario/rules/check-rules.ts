import type { Context } from '../context.ts';
import type { Resolved } from '../resolve/scenario.ts';
import { acrossMachines } from './across-machines.ts';
import { barriers } from './barriers.ts';
import { hostBridges } from './host-bridges.ts';
import { bridges } from './bridges.ts';
import { capabilities } from './capabilities.ts';
import { captures } from './captures.ts';
import { censorEffects } from './censor-effects.ts';
import { censorPositions } from './censor-positions.ts';
import { censors } from './censors.ts';
import { containerLimits } from './container-limits.ts';
import { controls } from './controls.ts';
import { copies } from './copies.ts';
import { dependencies } from './dependencies.ts';
import { expectations } from './expectations.ts';
import { dnsRecords } from './dns-records.ts';
import { flowOrder } from './flow-order.ts';
import { healthchecks } from './healthchecks.ts';
import { images } from './images.ts';
import { impairments } from './impairments.ts';
import { knownNetworks } from './known-networks.ts';
import { knownNodes } from './known-nodes.ts';
import { machineStacks } from './machine-stacks.ts';
import { matches } from './matches.ts';
import { members } from './members.ts';
import { mirrors } from './mirrors.ts';
import { mounts } from './mounts.ts';
import { probeKeys } from './probe-keys.ts';
import { proxies } from './proxies.ts';
import { proxyControls } from './proxy-controls.ts';
import { reachable } from './reachable.ts';
import { ruleTables } from './rule-tables.ts';
import { scriptEnds } from './script-ends.ts';
import { scriptPlays } from './script-plays.ts';
import { securityOptions } from './security-options.ts';
import { segments } from './segments.ts';
import { services } from './services.ts';
import { stacks } from './stacks.ts';
import { subnets } from './subnets.ts';
import { sysctls } from './sysctls.ts';
import { tunnelControls } from './tunnel-controls.ts';
import { tunnels } from './tunnels.ts';
import { trafficKeys } from './traffic-keys.ts';
import { trafficNames } from './traffic-names.ts';
import { underlayPairs } from './underlay-pairs.ts';
import { underlays } from './underlays.ts';
import { uniqueAddresses } from './unique-addresses.ts';
import { visits } from './visits.ts';
import type { Rule } from './rule.ts';

/** The table of contents: one check a file. */
const RULES: readonly Rule[] = [
  knownNodes,
  knownNetworks,
  members,
  subnets,
  uniqueAddresses,
  impairments,
  stacks,
  machineStacks,
  acrossMachines,
  underlays,
  underlayPairs,
  bridges,
  hostBridges,
  segments,
  ruleTables,
  reachable,
  censors,
  censorPositions,
  censorEffects,
  matches,
  controls,
  proxies,
  proxyControls,
  tunnels,
  tunnelControls,
  mirrors,
  trafficNames,
  trafficKeys,
  probeKeys,
  visits,
  dnsRecords,
  flowOrder,
  barriers,
  scriptEnds,
  scriptPlays,
  services,
  captures,
  images,
  mounts,
  capabilities,
  securityOptions,
  sysctls,
  containerLimits,
  healthchecks,
  dependencies,
  copies,
  expectations,
];

/** Every check of a scenario that has been resolved. */
export function checkRules(context: Context, resolved: Resolved): void {
  for (const rule of RULES) rule(context, resolved);
}
