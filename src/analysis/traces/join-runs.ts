import type { Trace } from '../../model/trace.ts';

/** The traces of several runs as those of one: visits of a site count on from run to run. */
export function joinRuns(runs: readonly (readonly Trace[])[]): Trace[] {
  const counted = new Map<string, number>();
  return runs.flatMap((traces) => {
    const before = new Map(counted);
    return traces.map((trace) => {
      const visit = trace.visit + (before.get(trace.site) ?? 0);
      counted.set(trace.site, Math.max(visit, counted.get(trace.site) ?? 0));
      return { ...trace, visit };
    });
  });
}
