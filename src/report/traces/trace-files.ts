import { unreachable } from '../../base/invariant.ts';
import type { Trace } from '../../model/trace.ts';
import { packetRows, traceIndex } from './csv.ts';
import { traceLines } from './lines.ts';
import { writeNpz } from './npz.ts';
import { numberSites } from './sites.ts';

export const TRACE_FORMATS = ['cells', 'sizes', 'csv', 'npz'] as const;
export type TraceFormat = (typeof TRACE_FORMATS)[number];

/** Columns of `npz` at most: what Deep Fingerprinting and those after it read. */
export const LONGEST_ROW = 5000;

export interface TraceFile {
  /** Relative to the folder of all. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** Every file of the format, one at a time, and `index.csv`, which says what they are of. */
export function* traceFiles(
  traces: readonly Trace[],
  format: TraceFormat,
): Generator<TraceFile, void> {
  const sites = numberSites(traces);
  yield { name: 'index.csv', content: traceIndex(traces, sites) };
  switch (format) {
    case 'cells':
    case 'sizes':
      for (const trace of traces)
        yield {
          name: `${trace.path}/${sites.get(trace.site) ?? -1}-${trace.visit}`,
          content: traceLines(trace, format),
        };
      return;
    case 'csv':
      yield { name: 'packets.csv', content: [...packetRows(traces)].join('') };
      return;
    case 'npz':
      for (const path of new Set(traces.map((trace) => trace.path))) {
        const own = traces.filter((trace) => trace.path === path);
        const longest = own.reduce((most, { times }) => Math.max(most, times.length), 0);
        yield {
          name: `${path}.npz`,
          content: writeNpz(own, sites, Math.min(longest, LONGEST_ROW)),
        };
      }
      return;
    default:
      unreachable(format, 'format of traces');
  }
}
