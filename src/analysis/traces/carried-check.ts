// Whether traces and the packets that they were read from agree, over the tunnels that a visit was split by.
import type { Trace } from '../../model/trace.ts';
import { totalsOf } from '../../model/trace.ts';
import type { VisitCut } from './cut-capture.ts';

/** What of a visit went over the tunnels that carry others, in bytes of IP packets. */
export interface CarriedVisit extends Pick<Trace, 'site' | 'visit'> {
  /** By the traces. */
  readonly traced: number;
  /** By the captures of the tunnels, in the time of the visit. */
  readonly carried: number;
}

interface Tunnels {
  readonly tunnels?: readonly {
    readonly name: string;
    readonly over: readonly string[];
    readonly client: { readonly node: string };
  }[];
  readonly bundles?: readonly { readonly over: readonly string[]; readonly client: string }[];
}

/** `client.wgnet1`: where the tunnels that carry others are captured at their clients. */
export const carrierPaths = ({ tunnels = [], bundles = [] }: Tunnels): ReadonlySet<string> =>
  new Set([
    ...tunnels.flatMap(({ over, client }) => over.map((name) => `${client.node}.${name}`)),
    ...bundles.flatMap(({ over, client }) => over.map((name) => `${client}.${name}`)),
  ]);

/** Of every visit with a cut of such a path: the sums of both sides. */
export function carriedVisits(
  paths: ReadonlySet<string>,
  traces: readonly Trace[],
  cuts: readonly Omit<VisitCut, 'file'>[],
): CarriedVisit[] {
  const sums = new Map<string, { site: string; visit: number; traced: number; carried: number }>();
  const sumOf = ({
    site,
    visit,
  }: Pick<Trace, 'site' | 'visit'>): { traced: number; carried: number } => {
    const key = `${visit} ${site}`;
    const sum = sums.get(key) ?? { site, visit, traced: 0, carried: 0 };
    sums.set(key, sum);
    return sum;
  };
  for (const cut of cuts) if (paths.has(cut.path)) sumOf(cut).carried += cut.bytes;
  for (const trace of traces) {
    const { bytesIn, bytesOut } = totalsOf(trace);
    if (paths.has(trace.path)) sumOf(trace).traced += bytesIn + bytesOut;
  }
  return [...sums.values()];
}
