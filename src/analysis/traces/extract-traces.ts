// One pass over each capture: the sizes, directions and times of every TCP and UDP packet (fragments as well) that belongs to a visit. CoMPS's
// sniffers take the same: `udp or tcp`.
import type { ClockRecord } from '../../model/machine.ts';
import type { Trace } from '../../model/trace.ts';
import { readCapture } from '../../wire/read-capture.ts';
import { type ClaimedPacket, claimPackets, inOrder, ipLength, isTraced } from './claim-packets.ts';
import { type KnownTuples, isTold } from './claims.ts';
import { type AddressPlan, directionsAt } from './directions.ts';
import { type TimedVisit, type Visit, labelOf, timeVisits, visitsAt } from './visits.ts';

/** A capture and where it was made. */
export interface WatchedCapture {
  readonly node: string;
  readonly network: string;
  readonly interface: string;
  readonly bytes: Uint8Array;
  /** The clock that its packets are stamped with. */
  readonly clock?: ClockRecord;
}

export interface TraceSources {
  readonly plan: AddressPlan;
  readonly captures: readonly WatchedCapture[];
  /** In the order in which they begin. */
  readonly visits: readonly Visit[];
  readonly tuples: KnownTuples;
}

export interface ExtractedTraces {
  /** By path, then in the order of the visits. */
  readonly traces: readonly Trace[];
  /** What is missing from them, one sentence each. */
  readonly notes: readonly string[];
}

export function extractTraces({ plan, captures, visits, tuples }: TraceSources): ExtractedTraces {
  const extracted = captures.map((capture) => {
    const seen = timeVisits(visitsAt(visits, capture.node));
    return extractFrom(plan, capture, seen, tuples);
  });
  return {
    traces: extracted.flatMap(({ traces }) => traces),
    notes: extracted.flatMap(({ notes }) => notes),
  };
}

interface Sequence {
  readonly times: number[];
  readonly sizes: number[];
}

function extractFrom(
  plan: AddressPlan,
  capture: WatchedCapture,
  visits: readonly TimedVisit[],
  tuples: KnownTuples,
): ExtractedTraces {
  const path = `${capture.node}.${capture.network}`;
  const contents = readCapture(capture.bytes);
  if (!contents.ok) return { traces: [], notes: [`${path}: ${contents.error}`] };
  const { records, damage } = contents.value;
  const clients = new Set(visits.map(({ node }) => node));
  const directions = new Map(
    [...clients].map((client) => [client, directionsAt(plan, client, capture)]),
  );
  const sequences = new Map<TimedVisit, Sequence>();
  let foreign = 0;
  const take = ({ visit, view, time }: ClaimedPacket): void => {
    if (view === null || !isTraced(view)) return;
    const direction = directions.get(visit.node)?.(view) ?? 0;
    if (direction === 0) {
      foreign += 1;
      return;
    }
    let sequence = sequences.get(visit);
    if (!sequence) sequences.set(visit, (sequence = { times: [], sizes: [] }));
    sequence.times.push(time);
    sequence.sizes.push(direction * ipLength(view));
  };
  const unreadable = claimPackets(records, visits, tuples, capture.clock, take);
  const untold = visits.filter((visit) => !isTold(visit, tuples)).length;
  return {
    traces: visits.flatMap((visit) => {
      const sequence = sequences.get(visit);
      return sequence ? [traceOf(visit, path, sequence)] : [];
    }),
    notes: [
      ...(damage === null ? [] : [damage]),
      ...note(unreadable, 'malformed packet', 'left out'),
      ...note(foreign, 'packet', "neither the client's nor the server's, left out"),
      ...note(
        untold,
        'visit',
        'at the same time as others, which no connection tells apart: left out',
      ),
      ...note(
        visits.filter((visit) => isTold(visit, tuples) && !sequences.has(visit)).length,
        'visit',
        'without a packet here',
      ),
    ].map((text) => `${path}: ${text}`),
  };
}

function traceOf(visit: TimedVisit, path: string, { times, sizes }: Sequence): Trace {
  const order = inOrder(times);
  const at = (index: number): number => times[index] ?? 0;
  const start = at(order[0] ?? 0);
  return {
    ...labelOf(visit),
    path,
    failure: visit.failure,
    start,
    // Files of nanoseconds have fractions.
    times: order.map((index) => Math.round(at(index) - start)),
    sizes: order.map((index) => sizes[index] ?? 0),
  };
}

const note = (count: number, what: string, fate: string): string[] =>
  count === 0 ? [] : [`${count} ${what}${count === 1 ? '' : 's'} ${fate}`];
