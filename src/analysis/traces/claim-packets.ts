// One pass over a capture: which packets are of which visit.
import { type ClockRecord, OWN_CLOCK, correctTime } from '../../model/machine.ts';
import { readU16 } from '../../wire/bytes.ts';
import type { CaptureRecord } from '../../wire/capture-contents.ts';
import { IP_PROTOCOL } from '../../wire/ip-protocol.ts';
import { IPV4 } from '../../wire/ipv4.ts';
import { IPV6 } from '../../wire/ipv6.ts';
import { findIpPacket } from '../../wire/link-layer.ts';
import { PacketView } from '../../wire/packet.ts';
import { type KnownTuples, claimsOf } from './claims.ts';
import type { TimedVisit } from './visits.ts';

export interface ClaimedPacket {
  readonly visit: TimedVisit;
  readonly record: CaptureRecord;
  /** Microseconds since the epoch, on the controller's clock. */
  readonly time: number;
  /** The packet itself, until the next one; null where it is no IP packet, or a malformed one. */
  readonly view: PacketView | null;
}

/** Tells `take` of every packet that is of a visit; gives how many packets were malformed. */
export function claimPackets(
  records: readonly CaptureRecord[],
  visits: readonly TimedVisit[],
  tuples: KnownTuples,
  clock: ClockRecord | undefined,
  take: (packet: ClaimedPacket) => void,
): number {
  const claim = claimsOf(visits, tuples);
  const view = new PacketView();
  let malformed = 0;
  for (const record of records) {
    const { time: stamped, data, length, linkType } = record;
    const at = findIpPacket(linkType, data);
    const isIp = at !== null && at >= 0;
    const isWhole = isIp && view.load(data, at, data.length, length - at);
    if (isIp && !isWhole) malformed += 1;
    const time = correctTime(clock ?? OWN_CLOCK, stamped);
    const visit = claim(isWhole ? view : null, time);
    if (visit !== null) take({ visit, record, time, view: isWhole ? view : null });
  }
  return malformed;
}

/** What traces are of: CoMPS's sniffers take the same, `udp or tcp`. */
export const isTraced = ({ protocol }: PacketView): boolean =>
  protocol === IP_PROTOCOL.tcp || protocol === IP_PROTOCOL.udp;

/** Bytes of the whole packet, whatever of it a capture kept. */
export const ipLength = ({ memory, start, version }: PacketView): number =>
  version === 4
    ? readU16(memory, start + IPV4.totalLength)
    : IPV6.headerLength + readU16(memory, start + IPV6.payloadLength);

/** The places of `times` in their order: captures of several threads, or of a clock that was set, are not always in it. */
export function inOrder(times: readonly number[]): number[] {
  const order = times.map((_, index) => index);
  const at = (index: number): number => times[index] ?? 0;
  if (times.some((time, index) => index > 0 && time < at(index - 1)))
    order.sort((left, right) => at(left) - at(right) || left - right);
  return order;
}
