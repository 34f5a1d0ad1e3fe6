// Ethernet II frames (IEEE 802.3), with 802.1Q and 802.1ad tags skipped on reading.
import { type Result, fail, ok } from '../base/result.ts';
import { readU16, writeU16 } from './bytes.ts';

const DESTINATION = 0;
const SOURCE = 6;
const TYPE = 12;
export const ETHERNET_HEADER_LENGTH = 14;
const TAG_LENGTH = 4;

export const ETHERTYPE = {
  ipv4: 0x0800,
  arp: 0x0806,
  vlan: 0x8100,
  ipv6: 0x86dd,
  serviceVlan: 0x88a8,
} as const;

export interface EthernetFrame {
  /** Six bytes each. */
  readonly destination: Uint8Array;
  readonly source: Uint8Array;
  /** The type after any tags. */
  readonly etherType: number;
  /** VLAN identifiers, outermost first. */
  readonly vlans: readonly number[];
  /** A view into the frame; may end in padding. */
  readonly payload: Uint8Array;
}

export function parseEthernet(frame: Uint8Array): Result<EthernetFrame, string> {
  if (frame.length < ETHERNET_HEADER_LENGTH)
    return fail(
      `Ethernet frame of ${frame.length} bytes is shorter than its 14-byte header (IEEE 802.3)`,
    );
  const vlans: number[] = [];
  let at = TYPE;
  while (isTag(readU16(frame, at))) {
    if (at + TAG_LENGTH + 2 > frame.length) return fail('Ethernet frame ends within a VLAN tag');
    vlans.push(readU16(frame, at + 2) & 0x0fff);
    at += TAG_LENGTH;
  }
  return ok({
    destination: frame.subarray(DESTINATION, DESTINATION + 6),
    source: frame.subarray(SOURCE, SOURCE + 6),
    etherType: readU16(frame, at),
    vlans,
    payload: frame.subarray(at + 2),
  });
}

/** Where the IP header starts in a frame that lies at `start`, or -1 when the frame carries no IP. Allocates nothing. */
export function findIpHeader(memory: Uint8Array, start: number, end: number): number {
  let at = start + TYPE;
  while (at + 2 <= end) {
    const etherType = readU16(memory, at);
    if (etherType === ETHERTYPE.ipv4 || etherType === ETHERTYPE.ipv6) return at + 2;
    if (!isTag(etherType)) return -1;
    at += TAG_LENGTH;
  }
  return -1;
}

/** An untagged frame without padding or FCS. */
export function buildEthernet(
  destination: Uint8Array,
  source: Uint8Array,
  etherType: number,
  payload: Uint8Array,
): Uint8Array {
  const frame = new Uint8Array(ETHERNET_HEADER_LENGTH + payload.length);
  frame.set(destination.subarray(0, 6), DESTINATION);
  frame.set(source.subarray(0, 6), SOURCE);
  writeU16(frame, TYPE, etherType);
  frame.set(payload, ETHERNET_HEADER_LENGTH);
  return frame;
}

const isTag = (etherType: number): boolean =>
  etherType === ETHERTYPE.vlan || etherType === ETHERTYPE.serviceVlan;
