// A visit is one attempt of one flow: of a `visit` its page is the site, of any other the flow itself. A watcher of the client's path knows its packets by their time, as the collection of traces has it:
// one visit after the other, each with a time to settle.
import type { FlowBegins, FlowEnds, PhaseEvent } from '../../model/flow-event.ts';
import type { Trace } from '../../model/trace.ts';

/** Times are microseconds since the epoch. */
export interface Visit {
  readonly flow: string;
  readonly site: string;
  /** From 1, of this site. */
  readonly visit: number;
  /** The node that visits. */
  readonly node: string;
  readonly begin: number;
  readonly end: number;
  /** OONI failure string; null is success. */
  readonly failure: string | null;
}

/** What its traces are called. */
export const labelOf = ({ site, visit }: Visit): Pick<Trace, 'site' | 'visit'> => ({ site, visit });

export interface TimedVisit extends Visit {
  /** In which what the interface carries belongs to it. */
  readonly from: number;
  readonly to: number;
  /** Whether another visit went on meanwhile, so that time does not tell them apart. */
  readonly overlaps: boolean;
}

/** What of the run's events speaks of visits. */
export type VisitEvent =
  | Pick<PhaseEvent, 'kind' | 'arm'>
  | FlowBegins
  | Pick<FlowEnds, 'kind' | 'time' | 'flow' | 'attempt' | 'failure' | 'visit'>;

/** Microseconds before a visit in which its first packet may be stamped. */
const LEAD = 50_000;
/** Microseconds after its end in which the last of its packets come: CoMPS's sniffers wait as long. */
const DRAIN = 2_000_000;

/** The visits of one arm that came to their end, in the order in which they began. */
export function findVisits(events: Iterable<VisitEvent>, arm: 'main' | 'control'): Visit[] {
  const begun = new Map<string, Pick<Visit, 'node' | 'begin'>>();
  const visits: EndedAttempt[] = [];
  let current: 'main' | 'control' = 'main';
  for (const event of events) {
    if (event.kind === 'phase') {
      current = event.arm;
      continue;
    }
    if (current !== arm) continue;
    const { flow, attempt, time } = event;
    const key = `${attempt} ${flow}`;
    if (event.kind === 'flow-begins') {
      begun.set(key, { node: event.node, begin: time });
      continue;
    }
    const { failure, visit } = event;
    const opened = begun.get(key);
    if (opened)
      visits.push({
        ...{ flow, attempt, node: opened.node, end: time, failure },
        site: visit?.site ?? flow,
        begin: visit?.begin ?? opened.begin,
        isPage: visit !== undefined,
      });
    begun.delete(key);
  }
  return numbered(visits.toSorted((left, right) => left.begin - right.begin));
}

interface EndedAttempt extends Omit<Visit, 'visit'> {
  readonly attempt: number;
  /** Whether its site is a page, which several flows may visit. */
  readonly isPage: boolean;
}

/** Attempts have their numbers already; visits of a page are counted. */
function numbered(attempts: readonly EndedAttempt[]): Visit[] {
  const counted = new Map<string, number>();
  return attempts.map(({ attempt, isPage, ...rest }) => {
    if (!isPage) return { ...rest, visit: attempt };
    const visit = (counted.get(rest.site) ?? 0) + 1;
    counted.set(rest.site, visit);
    return { ...rest, visit };
  });
}

/** Those that a watcher at a node sees: its own interfaces see nobody else's visits, any other place may. */
export function visitsAt(visits: readonly Visit[], node: string): readonly Visit[] {
  const own = visits.filter((visit) => visit.node === node);
  return own.length > 0 ? own : visits;
}

/**
 * Gives each visit the time from its begin until what it left behind has come, or the next begins. `visits` are all that one watcher sees,
 * in the order in which they begin.
 */
export function timeVisits(visits: readonly Visit[]): TimedVisit[] {
  let latest = -Infinity;
  const starts = visits.map(({ begin, end }) => {
    const overlaps = latest > begin;
    const from = overlaps ? begin : Math.max(begin - LEAD, latest);
    latest = Math.max(latest, end);
    return { from, overlaps };
  });
  return visits.map((visit, index) => {
    const { from, overlaps } = starts[index] ?? { from: visit.begin, overlaps: false };
    const next = starts[index + 1];
    const isOverlapped = next?.overlaps === true && (visits[index + 1]?.begin ?? 0) < visit.end;
    const to = visit.end + DRAIN;
    return {
      ...visit,
      from,
      to: next === undefined || isOverlapped ? to : Math.max(visit.end, Math.min(to, next.from)),
      overlaps: overlaps || isOverlapped,
    };
  });
}
