// Where the IP packet starts in a frame, by link-layer header type (tcpdump.org/linktypes).
import { readU16, readU8 } from './bytes.ts';
import { ETHERTYPE, findIpHeader } from './ethernet.ts';
import { LINKTYPE } from './pcap.ts';

/** Those of captures made elsewhere; LINKTYPE has those that we write. */
const OTHER_LINKTYPE = {
  /** What OpenBSD and other systems call raw IP. */
  RAW_BSD: 12,
  RAW_OPENBSD: 14,
  LOOP: 108,
  IPV4: 228,
  IPV6: 229,
  LINUX_SLL2: 276,
} as const;

const NULL_HEADER_LENGTH = 4;
const SLL_HEADER_LENGTH = 16;
const SLL_PROTOCOL = 14;
const SLL2_HEADER_LENGTH = 20;
const SLL2_PROTOCOL = 0;
const TAG_LENGTH = 4;

/** The place of the IP header in `frame`; -1 when it carries no IP, null when such a link layer is not known. */
export const findIpPacket = (linkType: number, frame: Uint8Array): number | null =>
  findIpPacketAt(linkType, frame, 0, frame.length);

/** The same in a frame that lies in `memory` from `start` to `end`: a place in the memory. Allocates nothing. */
export function findIpPacketAt(
  linkType: number,
  memory: Uint8Array,
  start: number,
  end: number,
): number | null {
  switch (linkType) {
    case LINKTYPE.LINKTYPE_ETHERNET:
      return within(end, findIpHeader(memory, start, end));
    case LINKTYPE.LINKTYPE_NULL:
    case OTHER_LINKTYPE.LOOP:
      return ipAt(memory, start + NULL_HEADER_LENGTH, end);
    case LINKTYPE.LINKTYPE_RAW:
    case OTHER_LINKTYPE.RAW_BSD:
    case OTHER_LINKTYPE.RAW_OPENBSD:
    case OTHER_LINKTYPE.IPV4:
    case OTHER_LINKTYPE.IPV6:
      return ipAt(memory, start, end);
    case LINKTYPE.LINKTYPE_LINUX_SLL:
      return ipBehind(memory, start + SLL_PROTOCOL, start + SLL_HEADER_LENGTH, end);
    case OTHER_LINKTYPE.LINUX_SLL2:
      return ipBehind(memory, start + SLL2_PROTOCOL, start + SLL2_HEADER_LENGTH, end);
    default:
      return null;
  }
}

/** The address family in a null header differs between systems; the IP version says the same. */
function ipAt(memory: Uint8Array, at: number, end: number): number {
  const version = at < end ? readU8(memory, at) >>> 4 : 0;
  return version === 4 || version === 6 ? at : -1;
}

/** Behind a cooked header and any VLAN tags. */
function ipBehind(memory: Uint8Array, protocolAt: number, behind: number, end: number): number {
  let protocol = readU16(memory, protocolAt);
  let at = behind;
  while ((protocol === ETHERTYPE.vlan || protocol === ETHERTYPE.serviceVlan) && at < end) {
    protocol = readU16(memory, at + 2);
    at += TAG_LENGTH;
  }
  const isIp = protocol === ETHERTYPE.ipv4 || protocol === ETHERTYPE.ipv6;
  return isIp ? within(end, at) : -1;
}

const within = (end: number, at: number): number => (at < end ? at : -1);
