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
/** Bytes of `struct rtmsg`. */
const HEADER_LENGTH = 12;

/** The kernel's way to an address. */
export interface FoundRoute {
  /** Index of the interface. */
  readonly interface: number;
  /** The next hop, of either family; the destination itself where it is connected. */
  readonly nextHop: IpAddress;
}

/** From the namespace that this thread is in; undefined when nothing leads there. */
export function findRoute(source: IpAddress, destination: IpAddress): FoundRoute | undefined {
  try {
    const { attributes } = query(routeBetween(source, destination), RTM_NEWROUTE, HEADER_LENGTH);
    const index = readU32(attributes.get(RTA_OIF));
    if (index === undefined) return undefined;
    const gateway = attributes.get(RTA_GATEWAY);
    const via = attributes.get(RTA_VIA);
    if (gateway) return { interface: index, nextHop: toAddress(gateway, 0) };
    // `struct rtvia`: a family, then its address.
    return { interface: index, nextHop: via ? toAddress(via, 2) : destination };
  } catch (error) {
    if (error instanceof NetlinkError && NO_WAY.has(error.code)) return undefined;
    throw error;
  }
}

/** What the lookup gives for no route, and for routes of the kinds unreachable, prohibit and blackhole. */
const NO_WAY: ReadonlySet<string> = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EACCES', 'EINVAL']);

const routeBetween = (source: IpAddress, destination: IpAddress): NetlinkMessage => ({
  type: RTM_GETROUTE,
  flags: 0,
  body: (out) => {
    out.u8(addressFamily(destination.family));
    out.u8(destination.bytes.length * 8);
    out.u8(source.bytes.length * 8);
    for (let byte = 3; byte < HEADER_LENGTH; byte += 1) out.u8(0);
    out.attributeBytes(RTA_DST, destination.bytes);
    out.attributeBytes(RTA_SRC, source.bytes);
  },
});

function toAddress(view: DataView, offset: number): IpAddress {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + offset, view.byteLength - offset);
  return { family: bytes.length === 4 ? 4 : 6, bytes: Uint8Array.from(bytes) };
}
