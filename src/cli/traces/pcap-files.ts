// `--format pcap`: the captures of runs, cut into one file a visit, one capture after the other.
import type { CarriedVisit } from '../../analysis/traces/carried-check.ts';
import { carriedVisits, carrierPaths } from '../../analysis/traces/carried-check.ts';
import { type VisitCut, cutCapture } from '../../analysis/traces/cut-capture.ts';
import { visitsBefore } from '../../analysis/traces/join-runs.ts';
import type { Trace } from '../../model/trace.ts';
import { traceIndex } from '../../report/traces/csv.ts';
import { numberSites } from '../../report/traces/sites.ts';
import type { TraceFile } from '../../report/traces/trace-files.ts';
import type { RecordedRun } from './read-run.ts';

export interface TracedRun {
  readonly run: RecordedRun;
  /** Before the runs are joined. */
  readonly traces: readonly Trace[];
}

/**
 * `index.csv` of the joined `traces`, and `<path>/<number of the site>-<visit>.pcap`. Visits whose traces and cuts do not have the same bytes
 * over the tunnels that carry others are told to `differ`.
 */
export function* pcapFiles(
  runs: readonly TracedRun[],
  traces: readonly Trace[],
  differ: (visit: CarriedVisit) => void,
): Generator<TraceFile, void> {
  const sites = numberSites(traces);
  yield { name: 'index.csv', content: traceIndex(traces, sites) };
  const before = visitsBefore(runs.map((run) => run.traces));
  for (const [index, { run, traces: own }] of runs.entries()) {
    const sums: Omit<VisitCut, 'file'>[] = [];
    for (const capture of run.captures) {
      const watched = run.read(capture);
      if (watched === null) continue;
      for (const { file, ...cut } of cutCapture(run, watched)) {
        sums.push(cut);
        const label = sites.get(cut.site);
        const visit = cut.visit + (before[index]?.get(cut.site) ?? 0);
        // What left no trace anywhere was no visit that traces are of.
        if (label !== undefined)
          yield { name: `${cut.path}/${label}-${visit}.pcap`, content: file };
      }
    }
    for (const visit of carriedVisits(carrierPaths(run.plan), own, sums))
      if (visit.traced !== visit.carried)
        differ({ ...visit, visit: visit.visit + (before[index]?.get(visit.site) ?? 0) });
  }
}
