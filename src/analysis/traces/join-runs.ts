import type { Trace } from '../../model/trace.ts';

type Labelled = Pick<Trace, 'site' | 'visit'>;

/** The traces of several runs as those of one: visits of a site count on from run to run. */
export function joinRuns(runs: readonly (readonly Trace[])[]): Trace[] {
  const before = visitsBefore(runs);
  return runs.flatMap((traces, index) =>
    traces.map((trace) => ({
      ...trace,
      visit: trace.visit + (before[index]?.get(trace.site) ?? 0),
    })),
  );
}

/** For each run how many visits of each site were in the runs before it. */
export function visitsBefore(
  runs: readonly (readonly Labelled[])[],
): readonly ReadonlyMap<string, number>[] {
  const counted = new Map<string, number>();
  return runs.map((visits) => {
    const before = new Map(counted);
    for (const { site, visit } of visits)
      counted.set(site, Math.max(visit + (before.get(site) ?? 0), counted.get(site) ?? 0));
    return before;
  });
}
