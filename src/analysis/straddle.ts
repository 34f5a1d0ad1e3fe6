// Two uses of one port, close together: what the first had under way when the second began.
import type { Trajectory } from './aligned.ts';
import { isSame } from './follow.ts';

export interface Joined {
  readonly before: readonly Trajectory[];
  readonly after: readonly Trajectory[];
}

/**
 * `before` and `after` are followed packets of two times, the one behind the other. Packets of the first that were seen further along
 * their way in the second are made whole, and are the first's alone.
 */
export function joinAcross(before: readonly Trajectory[], after: readonly Trajectory[]): Joined {
  const wholes = new Map<Trajectory, Trajectory>();
  const strays = new Set<Trajectory>();
  for (const late of after) {
    // Most were seen from the first point on, and are nobody's but their own.
    if (late.first === 0) continue;
    const early = before.find((one) => !wholes.has(one) && goesOnAs(one, late));
    if (!early) continue;
    wholes.set(early, joined(early, late));
    strays.add(late);
  }
  return {
    before: before.map((one) => wholes.get(one) ?? one),
    after: after.filter((one) => !strays.has(one)),
  };
}

function goesOnAs({ sightings, last }: Trajectory, late: Trajectory): boolean {
  const seen = sightings[last];
  return last < late.first && seen !== null && seen !== undefined && isSame(seen, late.packet);
}

const joined = (early: Trajectory, late: Trajectory): Trajectory => ({
  ...early,
  sightings: early.sightings.map((seen, point) => seen ?? late.sightings[point] ?? null),
  last: late.last,
  altered: early.altered < 0 ? late.altered : early.altered,
});
