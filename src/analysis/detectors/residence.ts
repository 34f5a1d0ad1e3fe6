// How long packets stay in each part of the way, and which of them do not come out of it.
import type { AlignedDirection, Gap, Trajectory } from '../aligned.ts';
import { gapBetween } from '../aligned.ts';

export interface Passage {
  readonly trajectory: Trajectory;
  /** When it entered: microseconds since the epoch. */
  readonly entered: number;
  /** Milliseconds that it stayed beyond the delay that the plan gives the links; null when it never came out. */
  readonly stay: number | null;
  /** When it came out; null when it never did. */
  readonly left: number | null;
}

export interface Section {
  readonly gap: Gap;
  /** Of the packets that entered, in order of time. */
  readonly passages: readonly Passage[];
}

/** Sections in which a node works: between each two neighbouring captures that miss nothing. */
export function sectionsWithNodes(direction: AlignedDirection): Section[] {
  const complete = direction.points.flatMap((point, index) => (point.complete ? [index] : []));
  return complete.slice(1).flatMap((to, index) => {
    const gap = gapBetween(direction, complete[index] ?? 0, to);
    if (gap.stretch.nodes.length === 0) return [];
    return [{ gap, passages: passagesThrough(direction, gap) }];
  });
}

function passagesThrough({ trajectories }: AlignedDirection, gap: Gap): Passage[] {
  const declared = gap.stretch.links.reduce(
    (sum, { impairment }) => sum + (impairment?.delay ?? 0),
    0,
  );
  return trajectories.flatMap((trajectory): Passage[] => {
    const entry = trajectory.sightings[gap.from];
    if (!entry) return [];
    const exit = trajectory.sightings[gap.to];
    const entered = entry.time;
    // Seen further on: it passed this capture unseen.
    if (!exit && trajectory.last > gap.to) return [];
    if (!exit) return [{ trajectory, entered, stay: null, left: null }];
    const stay = (exit.time - entered) / 1000 - declared;
    return [{ trajectory, entered, stay, left: exit.time }];
  });
}

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}
