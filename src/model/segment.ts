// Networks that bridge nodes join are one segment: what a host sends into one of them, hosts on all of them get.
import type { PlanMember, PlanNetwork } from './plan.ts';

/** The name that a network shares with all others of its segment: that of the first of them. */
export const segmentOf = ({ name, segment }: Pick<PlanNetwork, 'name' | 'segment'>): string =>
  segment ?? name;

/** All networks of the segment that the network `name` belongs to, itself included. */
export function networksOfSegment(
  networks: readonly PlanNetwork[],
  name: string,
): readonly PlanNetwork[] {
  const own = networks.find((network) => network.name === name);
  if (own === undefined) return [];
  if (own.segment === undefined) return [own];
  return networks.filter(({ segment }) => segment === own.segment);
}

/** All members of a network and of those that bridges join to it. */
export const membersOfSegment = (
  networks: readonly PlanNetwork[],
  name: string,
): readonly PlanMember[] =>
  networksOfSegment(networks, name).flatMap(({ members, far = [] }) => [...members, ...far]);
