export interface Neighbour {
  readonly distance: number;
  readonly label: number;
}

/** The label that most of the `count` nearest have; of labels that as many have, that of the nearest. */
export function nearestLabel(neighbours: readonly Neighbour[], count: number): number | null {
  const nearest = neighbours
    .toSorted((left, right) => left.distance - right.distance)
    .slice(0, count);
  const votes = new Map<number, number>();
  for (const { label } of nearest) votes.set(label, (votes.get(label) ?? 0) + 1);
  let best: number | null = null;
  for (const [label, vote] of votes)
    if (best === null || vote > (votes.get(best) ?? 0)) best = label;
  return best;
}
