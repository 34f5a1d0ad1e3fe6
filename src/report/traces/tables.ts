import { formatBytes, formatMillis } from '../../base/units.ts';
import { type Trace, totalsOf } from '../../model/trace.ts';
import type { Accuracy, PathCheck } from '../../model/trace-check.ts';
import { printable } from '../escape.ts';
import { PLAIN, type Paint, alignColumns } from '../text.ts';

/** One line a path and site: how many traces, and what one of them is like in the middle. */
export function renderTraces(traces: readonly Trace[], paint: Paint = PLAIN): string {
  const groups = new Map<string, Trace[]>();
  for (const trace of traces) {
    const key = JSON.stringify([trace.path, trace.site]);
    groups.set(key, [...(groups.get(key) ?? []), trace]);
  }
  const rows = [...groups.values()].map((group) => {
    const totals = group.map(totalsOf);
    const median = (pick: (total: (typeof totals)[number]) => number): number =>
      totals.map(pick).sort((left, right) => left - right)[totals.length >>> 1] ?? 0;
    return [
      group[0]?.path ?? '',
      group[0]?.site ?? '',
      `${group.length}`,
      `${median(({ packetsOut }) => packetsOut)}`,
      `${median(({ packetsIn }) => packetsIn)}`,
      formatBytes(median(({ bytesOut }) => bytesOut)),
      formatBytes(median(({ bytesIn }) => bytesIn)),
      formatMillis(median(({ duration }) => duration) / 1000),
    ].map(printable);
  });
  return table(
    ['path', 'site', 'visits', 'packets out', 'in', 'bytes out', 'in', 'lasts'],
    rows,
    paint,
  );
}

/** One line a path: how often a watcher names the right site, beside what guessing would. */
export const renderChecks = (checks: readonly PathCheck[], paint: Paint = PLAIN): string =>
  table(
    ['path', 'sites', 'traces', 'folds', 'CUMUL k-NN', 'k-FP', 'chance'],
    checks.map(({ path, sites, traces, folds, cumul, kfp, chance }) => [
      printable(path),
      `${sites}`,
      `${traces}`,
      `${folds}`,
      accuracy(cumul),
      accuracy(kfp),
      percent(chance),
    ]),
    paint,
  );

const accuracy = ({ share, low, high }: Accuracy): string =>
  `${percent(share)} (${percent(low)} to ${percent(high)})`;

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): string {
  const [first = '', ...rest] = alignColumns([head, ...rows]);
  return `${[paint.faint(first), ...rest].join('\n')}\n`;
}
