// RFC 4180, with line ends of Unix: a header, then rows.
import { type Trace, totalsOf } from '../../model/trace.ts';

/** One row a packet. */
export function* packetRows(traces: readonly Trace[]): Generator<string> {
  yield 'site,visit,path,seconds,direction,bytes\n';
  for (const { site, visit, path, times, sizes } of traces) {
    const head = [site, visit, path].map(csvCell).join(',');
    yield times
      .map((time, index) => {
        const size = sizes[index] ?? 0;
        return `${head},${(time / 1e6).toFixed(6)},${Math.sign(size)},${Math.abs(size)}\n`;
      })
      .join('');
  }
}

/** One row a trace: what it is of and what it sums up to. */
export function traceIndex(traces: readonly Trace[], sites: ReadonlyMap<string, number>): string {
  const rows = traces.map((trace) => {
    const { packetsOut, packetsIn, bytesOut, bytesIn, duration } = totalsOf(trace);
    return [
      ...[trace.path, sites.get(trace.site) ?? -1, trace.site, trace.visit, trace.failure ?? ''],
      ...[(trace.start / 1e6).toFixed(6), (duration / 1e6).toFixed(6)],
      ...[packetsOut, packetsIn, bytesOut, bytesIn],
    ];
  });
  const head =
    'path,label,site,visit,failure,start,seconds,packets_out,packets_in,bytes_out,bytes_in';
  return [head, ...rows.map((row) => row.map(csvCell).join(',')), ''].join('\n');
}

function csvCell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
