// The IP packet that a censor on a bridge is shown of a frame. Pure.
import { readU16, readU8 } from '../../wire/bytes.ts';
import { ETHERNET_HEADER_LENGTH, ETHERTYPE } from '../../wire/ethernet.ts';
import { IP_PROTOCOL } from '../../wire/ip-protocol.ts';
import { IPV4, ipv4Fault } from '../../wire/ipv4.ts';
import { IPV6, ipv6Fault } from '../../wire/ipv6.ts';
import { ipPacketEnd } from '../../roles/forward/forwarder.ts';
import { isGroupAddress } from './mac-table.ts';

const ETHERTYPE_AT = 12;
/** Router solicitation to redirect (RFC 4861 section 4): IPv6's ARP. */
const DISCOVERY = { first: 133, last: 137 } as const;

/** Where an address of the packet lies, and how long it is. */
export const addressPlaces = (
  isV4: boolean,
): { readonly source: number; readonly destination: number; readonly length: number } =>
  isV4 ? V4_PLACES : V6_PLACES;
const V4_PLACES = { source: IPV4.source, destination: IPV4.destination, length: 4 } as const;
const V6_PLACES = { source: IPV6.source, destination: IPV6.destination, length: 16 } as const;

/**
 * Where the packet of the frame from `start` to `end` ends, padding left out; -1 where there is none to judge: other protocols, frames to
 * groups, and what resolves addresses. A packet whose header is wrong is shown as far as the frame goes: what becomes of it the censor says.
 */
export function judgedEnd(memory: Uint8Array, start: number, end: number): number {
  if (isGroupAddress(memory, start)) return -1;
  const packet = start + ETHERNET_HEADER_LENGTH;
  switch (readU16(memory, start + ETHERTYPE_AT)) {
    case ETHERTYPE.ipv4:
      return ipv4Fault(memory, packet, end, end - packet) === null
        ? ipPacketEnd(memory, packet)
        : end;
    case ETHERTYPE.ipv6:
      if (ipv6Fault(memory, packet, end, end - packet) !== null) return end;
      return isDiscovery(memory, packet) ? -1 : ipPacketEnd(memory, packet);
    default:
      return -1;
  }
}

function isDiscovery(memory: Uint8Array, packet: number): boolean {
  if (readU8(memory, packet + IPV6.nextHeader) !== IP_PROTOCOL.icmpv6) return false;
  const type = readU8(memory, packet + IPV6.headerLength);
  return type >= DISCOVERY.first && type <= DISCOVERY.last;
}
