import type { FiveTuple } from '../../model/observation.ts';
import { IP_PROTOCOL } from '../../wire/ip-protocol.ts';
import type { PacketView } from '../../wire/packet.ts';
import type { TimedVisit } from './visits.ts';

/** The connections of visits that are known, by flow: of flows with one attempt. */
export type KnownTuples = ReadonlyMap<string, FiveTuple>;

/** Whether a packet of such a visit can be told from those of others: by time where it is alone, else by its connection. */
export const isTold = ({ overlaps, flow }: TimedVisit, tuples: KnownTuples): boolean =>
  !overlaps || tuples.has(flow);

/** Says to which visit a packet of some time belongs; null: to none. What is no IP packet belongs to a visit that is alone. */
export function claimsOf(
  visits: readonly TimedVisit[],
  tuples: KnownTuples,
): (packet: PacketView | null, time: number) => TimedVisit | null {
  const alone = visits
    .filter(({ overlaps }) => !overlaps)
    .toSorted((left, right) => left.from - right.from);
  const byTuple = new Map<string, TimedVisit>();
  for (const visit of visits) {
    const tuple = visit.overlaps ? tuples.get(visit.flow) : undefined;
    if (tuple === undefined) continue;
    const { protocol, source, sourcePort, destination, destinationPort } = tuple;
    const [near, far] = [`${source} ${sourcePort}`, `${destination} ${destinationPort}`];
    byTuple.set(`${IP_PROTOCOL[protocol]} ${near} ${far}`, visit);
    byTuple.set(`${IP_PROTOCOL[protocol]} ${far} ${near}`, visit);
  }
  return (packet, time) => {
    const visit = lastBegun(alone, time);
    if (visit && time < visit.to) return visit;
    if (byTuple.size === 0 || packet === null) return null;
    const { protocol, sourceText, sourcePort, destinationText, destinationPort } = packet;
    const key = `${protocol} ${sourceText} ${sourcePort} ${destinationText} ${destinationPort}`;
    const owner = byTuple.get(key);
    return owner && time >= owner.from && time < owner.to ? owner : null;
  };
}

/** The last of those that begin by `time`. */
function lastBegun(visits: readonly TimedVisit[], time: number): TimedVisit | undefined {
  let [low, high] = [0, visits.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((visits[middle]?.from ?? Infinity) <= time) low = middle + 1;
    else high = middle;
  }
  return visits[low - 1];
}
