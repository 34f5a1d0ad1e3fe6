// ICMP errors that a router sends: RFC 792, RFC 1812 section 4.3.2, RFC 1191 for IPv4; RFC 4443 for IPv6.
import type { IpAddress } from '../../base/addresses.ts';
import { buildIcmp } from '../../wire/build.ts';
import { ICMPV6_TYPE, ICMP_TYPE } from '../../wire/icmp.ts';
import { IPV4, ipv4FragmentOffset, ipv4HeaderLength } from '../../wire/ipv4.ts';
import { type ExtensionWalk, IPV6, walkExtensions } from '../../wire/ipv6.ts';
import { IP_PROTOCOL } from '../../wire/ip-protocol.ts';
import { readU8 } from '../../wire/bytes.ts';
import { isForwardableSource } from './route-table.ts';

export type ForwardFault = 'time-exceeded' | 'too-big' | 'no-route' | 'unreachable';

/** "The ICMP datagram SHOULD contain as much of the original datagram as possible without [...] exceeding 576 bytes" (RFC 1812 4.3.2.3). */
const LONGEST_V4 = 576;
/** "without the error message packet exceeding the minimum IPv6 MTU" (RFC 4443 section 2.4 c). */
const LONGEST_V6 = 1280;
const ICMP_HEADER = 8;
const CODE_V4 = { 'time-exceeded': 0, 'too-big': 4, 'no-route': 0, unreachable: 1 } as const;
const CODE_V6 = { 'time-exceeded': 0, 'too-big': 0, 'no-route': 0, unreachable: 3 } as const;

/** The error about the packet at `start`, from `source`, an address of the router. `mtu` counts for `too-big` alone. */
export function buildIcmpError(
  fault: ForwardFault,
  memory: Uint8Array,
  start: number,
  end: number,
  source: IpAddress,
  mtu: number,
): Uint8Array {
  const isV4 = source.family === 4;
  const header = isV4 ? IPV4.headerLength : IPV6.headerLength;
  const quoted = (isV4 ? LONGEST_V4 : LONGEST_V6) - header - ICMP_HEADER;
  const from = start + (isV4 ? IPV4.source : IPV6.source);
  const destination: IpAddress = {
    family: source.family,
    bytes: memory.slice(from, from + source.bytes.length),
  };
  const tooBig = fault === 'too-big';
  return buildIcmp(
    { source, destination, dontFragment: false, trafficClass: isV4 ? INTERNETWORK_CONTROL : 0 },
    {
      type: isV4 ? typeV4(fault) : typeV6(fault),
      code: isV4 ? CODE_V4[fault] : CODE_V6[fault],
      // The MTU is the low 16 bits of the second word for IPv4 (RFC 1191 section 4) and the whole of it for IPv6.
      id: tooBig && !isV4 ? mtu >>> 16 : 0,
      sequence: tooBig ? mtu & 0xffff : 0,
      data: memory.slice(start, Math.min(end, start + quoted)),
    },
  );
}

/** "ICMP error messages [...] SHOULD be sent with precedence INTERNETWORK CONTROL" (RFC 1812 section 4.3.2.5). */
const INTERNETWORK_CONTROL = 0xc0;

function typeV4(fault: ForwardFault): number {
  return fault === 'time-exceeded' ? ICMP_TYPE.timeExceeded : ICMP_TYPE.unreachable;
}

function typeV6(fault: ForwardFault): number {
  if (fault === 'too-big') return ICMPV6_TYPE.tooBig;
  return fault === 'time-exceeded' ? ICMPV6_TYPE.timeExceeded : ICMPV6_TYPE.unreachable;
}

const walk: ExtensionWalk = {
  protocol: 0,
  transportStart: 0,
  isFragment: false,
  fragmentOffset: 0,
  moreFragments: false,
  fragmentId: 0,
};

/**
 * Whether an error may be sent about the packet: not about an ICMP error, a later fragment, or a source that is not one
 * host (RFC 1812 section 4.3.2.7, RFC 4443 section 2.4 e).
 */
export function mayCauseError(
  family: 4 | 6,
  memory: Uint8Array,
  start: number,
  end: number,
): boolean {
  if (family === 4) {
    if (!isForwardableSource(4, memory, start + IPV4.source)) return false;
    if (ipv4FragmentOffset(memory, start) > 0) return false;
    if (readU8(memory, start + IPV4.protocol) !== IP_PROTOCOL.icmp) return true;
    return QUERIES_V4.has(readU8(memory, start + ipv4HeaderLength(memory, start)));
  }
  if (!isForwardableSource(6, memory, start + IPV6.source)) return false;
  if (walkExtensions(memory, start, end, walk) !== null || walk.fragmentOffset > 0) return false;
  // ICMPv6 errors are the types below 128 (RFC 4443 section 2.1).
  return walk.protocol !== IP_PROTOCOL.icmpv6 || readU8(memory, walk.transportStart) >= 128;
}

/** Echo, router discovery, timestamp, information and address mask: whatever is none of these may be an error. */
const QUERIES_V4: ReadonlySet<number> = new Set([0, 8, 9, 10, 13, 14, 15, 16, 17, 18]);
