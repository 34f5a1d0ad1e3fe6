// IPv4 headers: RFC 791 section 3.1.
import { internetChecksum, updateChecksum } from './checksum.ts';
import { readU16, readU8, writeU16 } from './bytes.ts';

/** Field offsets from the start of the header, in bytes. */
export const IPV4 = {
  versionIhl: 0,
  trafficClass: 1,
  totalLength: 2,
  id: 4,
  flagsFragment: 6,
  ttl: 8,
  protocol: 9,
  checksum: 10,
  source: 12,
  destination: 16,
  headerLength: 20,
} as const;

const DONT_FRAGMENT = 0x4000;
const MORE_FRAGMENTS = 0x2000;
const OFFSET_MASK = 0x1fff;

export const ipv4HeaderLength = (memory: Uint8Array, start: number): number =>
  (readU8(memory, start + IPV4.versionIhl) & 0x0f) * 4;

/** Bytes into the datagram's payload; the field counts in 8s. */
export const ipv4FragmentOffset = (memory: Uint8Array, start: number): number =>
  (readU16(memory, start + IPV4.flagsFragment) & OFFSET_MASK) * 8;

export const ipv4MoreFragments = (memory: Uint8Array, start: number): boolean =>
  (readU16(memory, start + IPV4.flagsFragment) & MORE_FRAGMENTS) !== 0;

export const ipv4DontFragment = (memory: Uint8Array, start: number): boolean =>
  (readU16(memory, start + IPV4.flagsFragment) & DONT_FRAGMENT) !== 0;

/** What is wrong with the header at `start`, or null. `wireLength` is the packet's length before any capture cut it. */
export function ipv4Fault(
  memory: Uint8Array,
  start: number,
  end: number,
  wireLength: number,
): string | null {
  if (end - start < IPV4.headerLength) return 'IPv4 packet is shorter than its 20-byte header';
  const headerLength = ipv4HeaderLength(memory, start);
  if (headerLength < IPV4.headerLength) return 'IPv4 header length field is below 5 words';
  if (end - start < headerLength) return 'IPv4 packet ends within its options';
  const totalLength = readU16(memory, start + IPV4.totalLength);
  if (totalLength < headerLength) return 'IPv4 total length is shorter than the header';
  if (totalLength > wireLength) return 'IPv4 total length is longer than the packet';
  return null;
}

export interface Ipv4Fields {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly protocol: number;
  readonly ttl: number;
  readonly id: number;
  /** DSCP and ECN (RFC 2474, RFC 3168). */
  readonly trafficClass: number;
  readonly dontFragment: boolean;
  readonly moreFragments: boolean;
  /** In bytes; a multiple of 8. */
  readonly fragmentOffset: number;
}

/** Writes a 20-byte header, checksum included, for a payload that follows it. */
export function writeIpv4Header(
  out: Uint8Array,
  start: number,
  fields: Ipv4Fields,
  payloadLength: number,
): void {
  out[start + IPV4.versionIhl] = 0x45;
  out[start + IPV4.trafficClass] = fields.trafficClass;
  writeU16(out, start + IPV4.totalLength, IPV4.headerLength + payloadLength);
  writeU16(out, start + IPV4.id, fields.id);
  const flags =
    (fields.dontFragment ? DONT_FRAGMENT : 0) | (fields.moreFragments ? MORE_FRAGMENTS : 0);
  writeU16(out, start + IPV4.flagsFragment, flags | (fields.fragmentOffset >>> 3));
  out[start + IPV4.ttl] = fields.ttl;
  out[start + IPV4.protocol] = fields.protocol;
  writeU16(out, start + IPV4.checksum, 0);
  out.set(fields.source, start + IPV4.source);
  out.set(fields.destination, start + IPV4.destination);
  const checksum = internetChecksum(out, start, start + IPV4.headerLength);
  writeU16(out, start + IPV4.checksum, checksum);
}

/** Gives the header at `start` another identification, and its checksum what that needs: a wrong one stays wrong. */
export function renumberIpv4(memory: Uint8Array, start: number, id: number): void {
  const checksum = readU16(memory, start + IPV4.checksum);
  const before = readU16(memory, start + IPV4.id);
  writeU16(memory, start + IPV4.checksum, updateChecksum(checksum, before, id));
  writeU16(memory, start + IPV4.id, id);
}
