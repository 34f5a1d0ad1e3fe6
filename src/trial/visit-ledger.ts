// Which visits of an arm are made, and what is known of each: some are finished already, and some sites are given up. Pure.
import type { Observation } from '../model/observation.ts';
import type { Flow } from '../model/traffic.ts';
import {
  type VisitRecord,
  type VisitSpec,
  plannedVisit,
  siteOf,
  visitFolder,
} from '../model/visit.ts';

export type VisitFlow = Flow & { readonly probe: VisitSpec };

export interface VisitLedger {
  /** The record of a visit that is not to be made; null when it is. */
  leaveOut(flow: VisitFlow, attempt: number): VisitRecord | null;
  /** The record of one that was made. */
  note(flow: VisitFlow, observation: Observation): VisitRecord;
}

export const isVisitFlow = (flow: Flow): flow is VisitFlow => flow.probe.kind === 'visit';

/** A visit that needs no repetition: one that failed is tried again. */
export const isFinished = ({ status }: VisitRecord): boolean =>
  status === 'success' || status === 'carried';

/** `finished` are visits of an earlier run, which stand for as many of the same flow, URL and visitor. */
export function createVisitLedger(finished: readonly VisitRecord[]): VisitLedger {
  const carried = new Map<string, VisitRecord[]>();
  for (const record of finished) {
    const known = carried.get(keyOf(record.flow, record));
    if (known) known.push(record);
    else carried.set(keyOf(record.flow, record), [record]);
  }
  /** Failed visits since the last that succeeded. */
  const failures = new Map<string, number>();
  return {
    leaveOut: (flow, attempt) => {
      const { url, repetition } = plannedVisit(flow.probe, attempt);
      const key = keyOf(flow.name, { url, with: flow.probe.with });
      const base = recordOf(flow, attempt, null);
      const earlier = carried.get(key)?.[repetition - 1];
      if (earlier)
        return { ...earlier, visit: attempt, repetition, status: 'carried', folder: null };
      return (failures.get(key) ?? 0) < flow.probe.failures ? null : { ...base, status: 'dropped' };
    },
    note: (flow, observation) => {
      const record = recordOf(flow, observation.attempt, observation);
      const key = keyOf(flow.name, record);
      failures.set(key, record.failure === null ? 0 : (failures.get(key) ?? 0) + 1);
      return record;
    },
  };
}

/** Lines of pages that are carried over. */
const MOST_LINES = 20;

/** How many visits of each URL are carried over, a line for each of the first. */
export function describeCarried(
  flows: readonly Flow[],
  finished: readonly VisitRecord[],
): string[] {
  const counts = new Map<string, number>();
  for (const record of finished) {
    const key = keyOf(record.flow, record);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const lines = flows.filter(isVisitFlow).flatMap(({ name, probe }) =>
    probe.urls.flatMap((url) => {
      const found = counts.get(keyOf(name, { url, with: probe.with })) ?? 0;
      const count = Math.min(found, probe.repeat);
      return count === 0
        ? []
        : [`${name}: ${count} of ${probe.repeat} visits of ${url} with ${probe.with} carried over`];
    }),
  );
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...lines.slice(0, MOST_LINES), `and of ${more} pages more`] : lines;
}

const keyOf = (flow: string, { url, with: visitor }: Pick<VisitRecord, 'url' | 'with'>): string =>
  `${visitor} ${flow} ${url}`;

function recordOf(
  { name, from, probe }: VisitFlow,
  attempt: number,
  observation: Observation | null,
): VisitRecord {
  const { url, repetition } = plannedVisit(probe, attempt);
  const { visit, failure = null, detail } = observation ?? {};
  return {
    ...{ flow: name, visit: attempt, node: from, url, site: siteOf(url), repetition },
    with: probe.with,
    status: visit?.status ?? 'failure',
    failure,
    ...(detail !== undefined && { detail }),
    begin: observation?.start ?? null,
    end: observation?.end ?? null,
    loadTime: observation?.timings['done'] ?? null,
    finalUrl: visit?.finalUrl ?? null,
    httpStatus: observation?.status ?? null,
    bytes: visit?.bytes ?? null,
    protocol: visit?.protocol ?? null,
    folder: observation && visitFolder(name, attempt, url),
  };
}
