import type { Context } from '../context.ts';
import type { Resolved } from '../resolve/scenario.ts';
import { captures } from './captures.ts';
import { censors } from './censors.ts';
import { expectations } from './expectations.ts';
import { flowOrder } from './flow-order.ts';
import { impairments } from './impairments.ts';
import { knownHosts } from './known-hosts.ts';
import { knownNetworks } from './known-networks.ts';
import { matches } from './matches.ts';
import { members } from './members.ts';
import { reachable } from './reachable.ts';
import { ruleTables } from './rule-tables.ts';
import { services } from './services.ts';
import { stacks } from './stacks.ts';
import { subnets } from './subnets.ts';
import { trafficKeys } from './traffic-keys.ts';
import { trafficNames } from './traffic-names.ts';
import { uniqueAddresses } from './unique-addresses.ts';
import type { Rule } from './rule.ts';

/** The table of contents: one check a file. */
const RULES: readonly Rule[] = [
  knownHosts,
  knownNetworks,
  members,
  subnets,
  uniqueAddresses,
  impairments,
  stacks,
  ruleTables,
  reachable,
  censors,
  matches,
  trafficNames,
  trafficKeys,
  flowOrder,
  services,
  captures,
  expectations,
];

/** Every check of a scenario that has been resolved. */
export function checkRules(context: Context, resolved: Resolved): void {
  for (const rule of RULES) rule(context, resolved);
}
