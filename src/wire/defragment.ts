// A datagram put together from its fragments: IPv4 by RFC 791 section 3.2, IPv6 by RFC 8200 section 4.5. The inverse of fragment.ts.
import { concatBytes, readU16, readU8, writeU16 } from './bytes.ts';
import { internetChecksum } from './checksum.ts';
import { IPV4, ipv4HeaderLength } from './ipv4.ts';
import { FRAGMENT, IPV6, findFragmentHeader } from './ipv6.ts';

const DONT_FRAGMENT = 0x4000;
/** What the length fields can say. */
const MAX_LENGTH = 0xffff;

/** Where what a fragment carries begins, from the start of its packet; null when the packet has no Fragment header. */
export function fragmentDataStart(packet: Uint8Array): number | null {
  if (readU8(packet, 0) >>> 4 === 4) return ipv4HeaderLength(packet, 0);
  const found = findFragmentHeader(packet);
  return found === null ? null : found.at + FRAGMENT.length;
}

/** The datagram that carries `data` under the headers of its first fragment; null when it would be too long to be one. */
export function joinFragments(first: Uint8Array, data: Uint8Array): Uint8Array | null {
  return readU8(first, 0) >>> 4 === 4 ? joinIpv4(first, data) : joinIpv6(first, data);
}

function joinIpv4(first: Uint8Array, data: Uint8Array): Uint8Array | null {
  const headerLength = ipv4HeaderLength(first, 0);
  if (headerLength + data.length > MAX_LENGTH) return null;
  const packet = concatBytes(first.subarray(0, headerLength), data);
  writeU16(packet, IPV4.totalLength, packet.length);
  const flags = readU16(packet, IPV4.flagsFragment) & DONT_FRAGMENT;
  writeU16(packet, IPV4.flagsFragment, flags);
  writeU16(packet, IPV4.checksum, 0);
  writeU16(packet, IPV4.checksum, internetChecksum(packet, 0, headerLength));
  return packet;
}

/** The Fragment header goes, and its Next Header takes the place of what named it. */
function joinIpv6(first: Uint8Array, data: Uint8Array): Uint8Array | null {
  const found = findFragmentHeader(first);
  if (found === null || found.at - IPV6.headerLength + data.length > MAX_LENGTH) return null;
  const packet = concatBytes(first.subarray(0, found.at), data);
  packet[found.nextField] = readU8(first, found.at + FRAGMENT.nextHeader);
  writeU16(packet, IPV6.payloadLength, packet.length - IPV6.headerLength);
  return packet;
}
