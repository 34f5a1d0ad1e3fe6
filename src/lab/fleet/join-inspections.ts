import type { MirrorFacts, MirrorInspection } from '../../model/mirror-doctor.ts';

/** What several agents found of the same mirror as one: each knows of its own nodes, and of the others nothing. */
export function joinInspections(inspections: readonly MirrorInspection[]): MirrorInspection[] {
  const joined = new Map<string, MirrorInspection>();
  for (const inspection of inspections) {
    const { mirror, address, facts } = inspection;
    const key = `${mirror} ${address}`;
    const before = joined.get(key);
    joined.set(key, before ? { mirror, address, facts: join(before.facts, facts) } : inspection);
  }
  return [...joined.values()];
}

const join = (one: MirrorFacts, other: MirrorFacts): MirrorFacts => ({
  port: one.port ?? other.port,
  route: one.route ?? other.route,
  neighbour: one.neighbour ?? other.neighbour,
  forwards: one.forwards ?? other.forwards,
  reversePath: one.reversePath ?? other.reversePath,
  nat: one.nat ?? other.nat,
  bridgeNetfilter: one.bridgeNetfilter ?? other.bridgeNetfilter,
  dropsInvalid: one.dropsInvalid ?? other.dropsInvalid,
});
