// A capture cut into one file a visit, by the same windows as traces: all that came in the time of the visit, and of visits at the same time what
// is of their connections.
import type { Trace } from '../../model/trace.ts';
import { PCAP_HEADER_SIZE, encodePcapRecord, writePcapHeader } from '../../wire/pcap.ts';
import { readCapture } from '../../wire/read-capture.ts';
import { claimPackets, inOrder, ipLength, isTraced } from './claim-packets.ts';
import type { TraceSources, WatchedCapture } from './extract-traces.ts';
import { type TimedVisit, labelOf, timeVisits, visitsAt } from './visits.ts';

export interface VisitCut extends Pick<Trace, 'site' | 'visit' | 'path'> {
  /** A pcap file with the times of the controller's clock. */
  readonly file: Uint8Array;
  /** TCP and UDP over IP in it, in bytes of whole IP packets, as traces count them. */
  readonly bytes: number;
}

/** One cut a visit that left a packet, in the order of the visits. */
export function cutCapture(
  { visits, tuples }: Pick<TraceSources, 'visits' | 'tuples'>,
  capture: WatchedCapture,
): VisitCut[] {
  const contents = readCapture(capture.bytes);
  if (!contents.ok) return [];
  const { records } = contents.value;
  const timed = timeVisits(visitsAt(visits, capture.node));
  const parts = new Map<TimedVisit, Part>();
  // Each file of a run is of one interface.
  const linkType = records[0]?.linkType;
  claimPackets(records, timed, tuples, capture.clock, ({ visit, record, time, view }) => {
    if (record.linkType !== linkType) return;
    const part = parts.get(visit) ?? { times: [], packets: [], bytes: 0 };
    parts.set(visit, part);
    part.times.push(time);
    part.packets.push(encodePcapRecord(time, record.data, record.length));
    if (view !== null && isTraced(view)) part.bytes += ipLength(view);
  });
  const path = `${capture.node}.${capture.network}`;
  return timed.flatMap((visit) => {
    const part = parts.get(visit);
    return part
      ? [{ ...labelOf(visit), path, file: fileOf(part, linkType), bytes: part.bytes }]
      : [];
  });
}

interface Part {
  readonly times: number[];
  readonly packets: Uint8Array[];
  bytes: number;
}

function fileOf({ times, packets }: Part, linkType: number | undefined): Uint8Array {
  const size = packets.reduce((sum, packet) => sum + packet.length, PCAP_HEADER_SIZE);
  const file = new Uint8Array(size);
  file.set(writePcapHeader(linkType));
  let at = PCAP_HEADER_SIZE;
  for (const index of inOrder(times)) {
    const packet = packets[index] ?? new Uint8Array();
    file.set(packet, at);
    at += packet.length;
  }
  return file;
}
