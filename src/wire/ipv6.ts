// IPv6 headers and their extension headers: RFC 8200 sections 3 and 4.
import { IP_PROTOCOL } from './ip-protocol.ts';
import { readU16, readU32, readU8, writeU16, writeU32 } from './bytes.ts';

/** Field offsets from the start of the header, in bytes. */
export const IPV6 = {
  versionClassFlow: 0,
  payloadLength: 4,
  nextHeader: 6,
  hopLimit: 7,
  source: 8,
  destination: 24,
  headerLength: 40,
} as const;

/** Field offsets within a Fragment header (RFC 8200 section 4.5). */
export const FRAGMENT = { nextHeader: 0, offsetFlags: 2, id: 4, length: 8 } as const;

/** What walking the extension headers finds; written in place so that walking allocates nothing. */
export interface ExtensionWalk {
  /** The upper-layer protocol. */
  protocol: number;
  /** Where its header starts in memory. */
  transportStart: number;
  isFragment: boolean;
  /** In bytes. */
  fragmentOffset: number;
  moreFragments: boolean;
  fragmentId: number;
}

/** What is wrong with the fixed header at `start`, or null. */
export function ipv6Fault(
  memory: Uint8Array,
  start: number,
  end: number,
  wireLength: number,
): string | null {
  if (end - start < IPV6.headerLength) return 'IPv6 packet is shorter than its 40-byte header';
  const length = IPV6.headerLength + readU16(memory, start + IPV6.payloadLength);
  if (length > wireLength) return 'IPv6 payload length is longer than the packet';
  return null;
}

/** Walks from the fixed header at `start` to the upper-layer header. Gives the fault that stops it, or null. */
export function walkExtensions(
  memory: Uint8Array,
  start: number,
  end: number,
  walk: ExtensionWalk,
): string | null {
  let next = readU8(memory, start + IPV6.nextHeader);
  let at = start + IPV6.headerLength;
  walk.isFragment = false;
  walk.fragmentOffset = 0;
  walk.moreFragments = false;
  walk.fragmentId = 0;
  while (isExtension(next)) {
    if (at + 8 > end) return 'IPv6 packet ends within an extension header';
    const header = next;
    next = readU8(memory, at);
    if (header === IP_PROTOCOL.fragment) {
      readFragment(memory, at, walk);
      at += FRAGMENT.length;
      // What follows the header of a later fragment is payload, whatever the Next Header field names.
      if (walk.fragmentOffset > 0) break;
      continue;
    }
    at += extensionLength(header, readU8(memory, at + 1));
    if (at > end) return 'IPv6 extension header is longer than the packet';
  }
  walk.protocol = next;
  walk.transportStart = at;
  return null;
}

export interface Ipv6Fields {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly protocol: number;
  readonly ttl: number;
  readonly trafficClass: number;
  readonly flowLabel: number;
}

/** Writes the 40-byte header for a payload that follows it. */
export function writeIpv6Header(
  out: Uint8Array,
  start: number,
  fields: Ipv6Fields,
  payloadLength: number,
): void {
  const word = (6 << 28) | (fields.trafficClass << 20) | (fields.flowLabel & 0xfffff);
  writeU32(out, start + IPV6.versionClassFlow, word >>> 0);
  writeU16(out, start + IPV6.payloadLength, payloadLength);
  out[start + IPV6.nextHeader] = fields.protocol;
  out[start + IPV6.hopLimit] = fields.ttl;
  out.set(fields.source, start + IPV6.source);
  out.set(fields.destination, start + IPV6.destination);
}

/** The Fragment header (8 bytes) that goes between the fixed header and a fragment's bytes. */
export function buildFragmentHeader(
  protocol: number,
  fragmentOffset: number,
  moreFragments: boolean,
  id: number,
): Uint8Array {
  const header = new Uint8Array(FRAGMENT.length);
  header[FRAGMENT.nextHeader] = protocol;
  writeU16(header, FRAGMENT.offsetFlags, (fragmentOffset & 0xfff8) | (moreFragments ? 1 : 0));
  writeU32(header, FRAGMENT.id, id);
  return header;
}

/** Where the headers that every fragment repeats end, and where the Next Header field that ends them lies. */
export interface UnfragmentableEnd {
  readonly at: number;
  readonly nextField: number;
}

/** Hop-by-hop options and whatever comes up to a Routing header are repeated (RFC 8200 section 4.5). For a sound packet. */
export function unfragmentableEnd(packet: Uint8Array): UnfragmentableEnd {
  let found: UnfragmentableEnd = { at: IPV6.headerLength, nextField: IPV6.nextHeader };
  let { at, nextField } = found;
  for (let next = readU8(packet, nextField); REPEATABLE.has(next) && at < packet.length;) {
    nextField = at;
    at += extensionLength(next, readU8(packet, at + 1));
    // Destination options belong to the repeated part only when a Routing header follows them.
    if (next !== IP_PROTOCOL.destinationOptions) found = { at, nextField };
    next = readU8(packet, nextField);
  }
  return found;
}

const REPEATABLE: ReadonlySet<number> = new Set([
  IP_PROTOCOL.hopByHop,
  IP_PROTOCOL.routing,
  IP_PROTOCOL.destinationOptions,
]);

/** Where the Fragment header of a packet lies, and the Next Header field that names it; null when it has none. */
export function findFragmentHeader(packet: Uint8Array): UnfragmentableEnd | null {
  let at: number = IPV6.headerLength;
  let nextField: number = IPV6.nextHeader;
  for (let next = readU8(packet, nextField); at < packet.length;) {
    if (next === IP_PROTOCOL.fragment) return { at, nextField };
    if (!isExtension(next)) return null;
    nextField = at;
    at += extensionLength(next, readU8(packet, at + 1));
    next = readU8(packet, nextField);
  }
  return null;
}

function readFragment(memory: Uint8Array, at: number, walk: ExtensionWalk): void {
  const word = readU16(memory, at + FRAGMENT.offsetFlags);
  walk.isFragment = true;
  walk.fragmentOffset = word & 0xfff8;
  walk.moreFragments = (word & 1) !== 0;
  walk.fragmentId = readU32(memory, at + FRAGMENT.id);
}

/** ESP and No Next Header end the walk: nothing readable follows them. */
function isExtension(next: number): boolean {
  switch (next) {
    case IP_PROTOCOL.hopByHop:
    case IP_PROTOCOL.routing:
    case IP_PROTOCOL.fragment:
    case IP_PROTOCOL.authentication:
    case IP_PROTOCOL.destinationOptions:
    case IP_PROTOCOL.mobility:
    case IP_PROTOCOL.hip:
    case IP_PROTOCOL.shim6:
      return true;
    default:
      return false;
  }
}

/** The length field counts 8-byte units without the first; that of the Authentication Header 4-byte units without two (RFC 4302 section 2.2). */
const extensionLength = (header: number, field: number): number =>
  header === IP_PROTOCOL.authentication ? (field + 2) * 4 : (field + 1) * 8;
