// One pass over each capture: the sizes, directions and times of every TCP and UDP packet (fragments as well) that belongs to a visit. CoMPS's
// sniffers take the same: `udp or tcp`.
import { type ClockRecord, OWN_CLOCK, correctTime } from '../../model/machine.ts';
import type { Trace } from '../../model/trace.ts';
import { readU16 } from '../../wire/bytes.ts';
import { IP_PROTOCOL } from '../../wire/ip-protocol.ts';
import { IPV4 } from '../../wire/ipv4.ts';
import { IPV6 } from '../../wire/ipv6.ts';
import { findIpPacket } from '../../wire/link-layer.ts';
import { PacketView } from '../../wire/packet.ts';
import { readCapture } from '../../wire/read-capture.ts';
import { type KnownTuples, claimsOf, isTold } from './claims.ts';
import { type AddressPlan, directionsAt } from './directions.ts';
import { type TimedVisit, type Visit, timeVisits } from './visits.ts';

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
    // The client's own interface sees nobody else's visits; any other place may.
    const watched = visits.filter(({ node }) => node === capture.node);
    const seen = timeVisits(watched.length > 0 ? watched : visits);
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
  const claim = claimsOf(visits, tuples);
  const clients = new Set(visits.map(({ node }) => node));
  const directions = new Map(
    [...clients].map((client) => [client, directionsAt(plan, client, capture)]),
  );
  const sequences = new Map<TimedVisit, Sequence>();
  const view = new PacketView();
  let [unreadable, foreign] = [0, 0];
  for (const { time: stamped, data, length, linkType } of records) {
    const at = findIpPacket(linkType, data);
    if (at === null || at < 0) continue;
    if (!view.load(data, at, data.length, length - at)) {
      unreadable += 1;
      continue;
    }
    if (view.protocol !== IP_PROTOCOL.tcp && view.protocol !== IP_PROTOCOL.udp) continue;
    const time = correctTime(capture.clock ?? OWN_CLOCK, stamped);
    const visit = claim(view, time);
    if (visit === null) continue;
    const direction = directions.get(visit.node)?.(view) ?? 0;
    if (direction === 0) {
      foreign += 1;
      continue;
    }
    let sequence = sequences.get(visit);
    if (!sequence) sequences.set(visit, (sequence = { times: [], sizes: [] }));
    sequence.times.push(time);
    sequence.sizes.push(direction * ipLength(view));
  }
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

/** Captures of several threads, or of a clock that was set, are not always in order. */
function traceOf(visit: TimedVisit, path: string, { times, sizes }: Sequence): Trace {
  const order = times.map((_, index) => index);
  const at = (index: number): number => times[index] ?? 0;
  if (times.some((time, index) => index > 0 && time < at(index - 1)))
    order.sort((left, right) => at(left) - at(right) || left - right);
  const start = at(order[0] ?? 0);
  return {
    site: visit.site,
    visit: visit.visit,
    path,
    failure: visit.failure,
    start,
    // Files of nanoseconds have fractions.
    times: order.map((index) => Math.round(at(index) - start)),
    sizes: order.map((index) => sizes[index] ?? 0),
  };
}

/** Bytes of the whole packet, whatever of it a capture kept. */
const ipLength = ({ memory, start, version }: PacketView): number =>
  version === 4
    ? readU16(memory, start + IPV4.totalLength)
    : IPV6.headerLength + readU16(memory, start + IPV6.payloadLength);

const note = (count: number, what: string, fate: string): string[] =>
  count === 0 ? [] : [`${count} ${what}${count === 1 ? '' : 's'} ${fate}`];
