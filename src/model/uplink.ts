// The way out of a lab, where the scenario asks for one: a network stack in user space on the machine's side (slirp4netns),
// whose device is in the lab's own segment.
import { type IpPrefix, parsePrefix, prefixesOverlap } from '../base/addresses.ts';
import { invariant } from '../base/invariant.ts';
import type { Plan } from './plan.ts';

/** The device in the lab's segment that leads out. */
export const UPLINK_DEVICE = 'runner-uplink';

/** Where the device may have its own addresses: ranges for benchmarks and documentation (RFC 2544, RFC 5737). */
export const UPLINK_RANGES: readonly string[] = [
  '198.18.0.0/24',
  '198.19.255.0/24',
  '192.0.2.0/24',
  '203.0.113.0/24',
];

/** Whether anything of the plan may leave the lab. */
export const hasUplink = (plan: Plan): boolean =>
  plan.steps.some((step) => step.do.kind === 'uplink');

/** The first range that no network of the plan overlaps; undefined when all are taken. */
export function uplinkRange(plan: Plan): IpPrefix | undefined {
  const taken = plan.networks.flatMap(({ subnets }) => subnets.map(toPrefix));
  return UPLINK_RANGES.map(toPrefix).find(
    (range) => !taken.some((subnet) => prefixesOverlap(range, subnet)),
  );
}

function toPrefix(text: string): IpPrefix {
  const parsed = parsePrefix(text);
  invariant(parsed.ok, `A plan holds whole prefixes, found "${text}"`);
  return parsed.value;
}
