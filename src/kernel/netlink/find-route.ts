// Asks the kernel by which way a packet would leave: ip-route(8) `get`.
import type { IpAddress } from '../../base/addresses.ts';
import { addressFamily } from './family.ts';
import type { NetlinkMessage } from './message.ts';
import { query, readU32 } from './query.ts';
import { NetlinkError } from './socket.ts';

const RTM_NEWROUTE = 24;
const RTM_GETROUTE = 26;
const RTA_DST = 1;
const RTA_SRC = 2;
const RTA_OIF = 4;
const RTA_GATEWAY = 5;
const RTA_VIA = 18;
/** Bytes of `struct rtmsg`, and where `rtm_type` and `rtm_flags` are in it. */
const HEADER_LENGTH = 12;
const TYPE_OFFSET = 7;
const FLAGS_OFFSET = 8;
/** The reply is the route as it was written, not the way of this packet. */
const RTM_F_FIB_MATCH = 0x2000;
/** RTN_BLACKHOLE, RTN_UNREACHABLE, RTN_PROHIBIT. */
const DROPS: ReadonlySet<number> = new Set([6, 7, 8]);

/** The kernel's way to an address. */
export interface FoundRoute {
  /** Index of the interface. */
  readonly interface: number;
  /** The next hop, of either family; the destination itself where it is connected. */
  readonly nextHop: IpAddress;
}

/** What the kernel does with packets: sends them on, has no way for them, or drops them, as a route says. */
export type FoundWay =
  | { readonly kind: 'hop'; readonly route: FoundRoute }
  | { readonly kind: 'none' }
  | { readonly kind: 'dropped' };

/** From the namespace that this thread is in; undefined when nothing leads there. */
export function findRoute(source: IpAddress, destination: IpAddress): FoundRoute | undefined {
  const way = findWay(source, destination);
  return way.kind === 'hop' ? way.route : undefined;
}

/** As `findRoute`, and why there is none. */
export function findWay(source: IpAddress, destination: IpAddress): FoundWay {
  try {
    const { header, attributes } = query(
      routeBetween(source, destination),
      RTM_NEWROUTE,
      HEADER_LENGTH,
    );
    const index = readU32(attributes.get(RTA_OIF));
    if (index === undefined) return { kind: 'none' };
    // Of IPv6 the kernel gives such a route with the loopback interface; of IPv4 it refuses.
    if (DROPS.has(header.getUint8(TYPE_OFFSET))) return { kind: 'dropped' };
    const gateway = attributes.get(RTA_GATEWAY);
    const via = attributes.get(RTA_VIA);
    // `struct rtvia`: a family, then its address.
    const nextHop = gateway ? toAddress(gateway, 0) : via ? toAddress(via, 2) : destination;
    return { kind: 'hop', route: { interface: index, nextHop } };
  } catch (error) {
    const refusal = error instanceof NetlinkError ? NO_WAY[error.code] : undefined;
    if (refusal === undefined) throw error;
    return { kind: refusal };
  }
}

/** Bits of the prefix of the route that would be taken; undefined when nothing leads there. */
export function matchedPrefixLength(source: IpAddress, destination: IpAddress): number | undefined {
  try {
    const message = routeBetween(source, destination, RTM_F_FIB_MATCH);
    const { header } = query(message, RTM_NEWROUTE, HEADER_LENGTH);
    return header.byteLength === HEADER_LENGTH ? header.getUint8(1) : undefined;
  } catch (error) {
    if (error instanceof NetlinkError && NO_WAY[error.code] !== undefined) return undefined;
    throw error;
  }
}

/** What the lookup gives for no route, and for routes of the kinds unreachable, prohibit and blackhole. */
const NO_WAY: Readonly<Record<string, 'none' | 'dropped' | undefined>> = {
  ENETUNREACH: 'none',
  EHOSTUNREACH: 'dropped',
  EACCES: 'dropped',
  EINVAL: 'dropped',
};

const routeBetween = (source: IpAddress, destination: IpAddress, flags = 0): NetlinkMessage => ({
  type: RTM_GETROUTE,
  flags: 0,
  body: (out) => {
    out.u8(addressFamily(destination.family));
    out.u8(destination.bytes.length * 8);
    out.u8(source.bytes.length * 8);
    for (let byte = 3; byte < FLAGS_OFFSET; byte += 1) out.u8(0);
    out.u32(flags);
    out.attributeBytes(RTA_DST, destination.bytes);
    out.attributeBytes(RTA_SRC, source.bytes);
  },
});

function toAddress(view: DataView, offset: number): IpAddress {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + offset, view.byteLength - offset);
  return { family: bytes.length === 4 ? 4 : 6, bytes: Uint8Array.from(bytes) };
}
