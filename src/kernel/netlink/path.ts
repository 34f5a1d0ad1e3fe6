// Which way packets to an address would take, as the kernel says it (rtnetlink(7)).
import type { IpAddress } from '../../base/addresses.ts';
import { addressFamily } from './family.ts';
import type { NetlinkMessage } from './message.ts';
import { query, readAttributes, readU32 } from './query.ts';

const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
const RTM_NEWROUTE = 24;
const RTM_GETROUTE = 26;
const RTA_DST = 1;
const RTA_OIF = 4;
const RTA_METRICS = 8;
const RTAX_MTU = 2;
const IFLA_MTU = 4;
/** Bytes of struct rtmsg and struct ifinfomsg. */
const ROUTE_HEADER = 12;
const LINK_HEADER = 16;

export interface NetworkPath {
  /** The index of the interface that packets leave by. */
  readonly interface: number;
  /** Bytes of the longest packet: that of the route when it has one, else the interface's. */
  readonly mtu: number;
}

/** How the namespace that this thread is in reaches an address. Throws a NetlinkError when there is no route. */
export function findPath(address: IpAddress): NetworkPath {
  const route = query(routeTo(address), RTM_NEWROUTE, ROUTE_HEADER).attributes;
  const device = readU32(route.get(RTA_OIF)) ?? 0;
  const metrics = route.get(RTA_METRICS);
  const routeMtu = metrics && readU32(readAttributes(metrics).get(RTAX_MTU));
  const link = query(linkOf(device), RTM_NEWLINK, LINK_HEADER).attributes;
  const linkMtu = readU32(link.get(IFLA_MTU)) ?? 0;
  return { interface: device, mtu: routeMtu ? Math.min(routeMtu, linkMtu) : linkMtu };
}

const routeTo = ({ family, bytes }: IpAddress): NetlinkMessage => ({
  type: RTM_GETROUTE,
  flags: 0,
  body: (out) => {
    out.u8(addressFamily(family));
    out.u8(bytes.length * 8);
    for (let rest = 2; rest < ROUTE_HEADER; rest += 1) out.u8(0);
    out.attributeBytes(RTA_DST, bytes);
  },
});

const linkOf = (index: number): NetlinkMessage => ({
  type: RTM_GETLINK,
  flags: 0,
  body: (out) => {
    out.u32(0);
    out.u32(index);
    out.u32(0);
    out.u32(0);
  },
});
