import type { Trace } from '../../model/trace.ts';

/** The number of each site, from 0, by the order of their names. */
export const numberSites = (traces: readonly Trace[]): ReadonlyMap<string, number> =>
  new Map(
    [...new Set(traces.map(({ site }) => site))].sort().map((site, number) => [site, number]),
  );
