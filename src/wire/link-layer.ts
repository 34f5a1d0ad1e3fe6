// Where the IP packet starts in a frame, by link-layer header type (tcpdump.org/linktypes).
import { readU16 } from './bytes.ts';
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
export function findIpPacket(linkType: number, frame: Uint8Array): number | null {
  switch (linkType) {
    case LINKTYPE.LINKTYPE_ETHERNET:
      return within(frame, findIpHeader(frame, 0, frame.length));
    case LINKTYPE.LINKTYPE_NULL:
    case OTHER_LINKTYPE.LOOP:
      return ipAt(frame, NULL_HEADER_LENGTH);
    case LINKTYPE.LINKTYPE_RAW:
    case OTHER_LINKTYPE.RAW_BSD:
    case OTHER_LINKTYPE.RAW_OPENBSD:
    case OTHER_LINKTYPE.IPV4:
    case OTHER_LINKTYPE.IPV6:
      return ipAt(frame, 0);
    case LINKTYPE.LINKTYPE_LINUX_SLL:
      return ipBehind(frame, SLL_PROTOCOL, SLL_HEADER_LENGTH);
    case OTHER_LINKTYPE.LINUX_SLL2:
      return ipBehind(frame, SLL2_PROTOCOL, SLL2_HEADER_LENGTH);
    default:
      return null;
  }
}

/** The address family in a null header differs between systems; the IP version says the same. */
function ipAt(frame: Uint8Array, start: number): number {
  const version = (frame[start] ?? 0) >>> 4;
  return version === 4 || version === 6 ? start : -1;
}

/** Behind a cooked header and any VLAN tags. */
function ipBehind(frame: Uint8Array, protocolAt: number, headerLength: number): number {
  let protocol = readU16(frame, protocolAt);
  let start = headerLength;
  while (protocol === ETHERTYPE.vlan || protocol === ETHERTYPE.serviceVlan) {
    protocol = readU16(frame, start + 2);
    start += TAG_LENGTH;
  }
  const isIp = protocol === ETHERTYPE.ipv4 || protocol === ETHERTYPE.ipv6;
  return isIp ? within(frame, start) : -1;
}

const within = (frame: Uint8Array, start: number): number => (start < frame.length ? start : -1);
