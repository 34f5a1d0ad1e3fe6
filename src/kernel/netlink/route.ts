import type { IpAddress, IpPrefix } from '../../base/addresses.ts';
import { addressFamily } from './family.ts';
import { type NetlinkMessage, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from './message.ts';

const RTM_NEWROUTE = 24;
const RTA_DST = 1;
const RTA_OIF = 4;
const RTA_GATEWAY = 5;
const RTA_PRIORITY = 6;
const RTA_TABLE = 15;
const RTA_VIA = 18;
const RTN = { unicast: 1, local: 2, blackhole: 6, unreachable: 7 } as const;
const RTPROT_STATIC = 4;
const RT_SCOPE_UNIVERSE = 0;
const RT_SCOPE_LINK = 253;
const RT_SCOPE_HOST = 254;

/** Number of the main routing table. */
export const RT_TABLE_MAIN = 254;

export interface Route {
  readonly to: IpPrefix;
  readonly kind: keyof typeof RTN;
  readonly table: number;
  readonly via?: IpAddress;
  /** Index of the interface; absent for routes that lead nowhere. */
  readonly interface?: number;
  readonly metric?: number;
}

/** ip-route(8) `add`. The next hop may be of the other family (`via inet6`). */
export const addRoute = (route: Route): NetlinkMessage => newRoute(route, NLM_F_EXCL);

/** ip-route(8) `replace`: at no moment is there neither the old route of this prefix, table and metric nor the new one. */
export const replaceRoute = (route: Route): NetlinkMessage => newRoute(route, NLM_F_REPLACE);

/** As `replaceRoute`, and refused where there is no such route. */
export const changeRoute = (route: Route): NetlinkMessage => ({
  ...newRoute(route, NLM_F_REPLACE),
  flags: NLM_F_REPLACE,
});

const newRoute = (route: Route, flag: number): NetlinkMessage => ({
  type: RTM_NEWROUTE,
  flags: NLM_F_CREATE | flag,
  body: (out) => {
    const { address, length } = route.to;
    const { via } = route;
    out.u8(addressFamily(address.family));
    out.u8(length);
    out.u8(0);
    out.u8(0);
    out.u8(route.table < 256 ? route.table : 0);
    out.u8(RTPROT_STATIC);
    out.u8(scopeOf(route));
    out.u8(RTN[route.kind]);
    out.u32(0);
    if (length > 0) out.attributeBytes(RTA_DST, address.bytes);
    out.attributeU32(RTA_TABLE, route.table);
    if (route.metric !== undefined) out.attributeU32(RTA_PRIORITY, route.metric);
    if (route.interface !== undefined) out.attributeU32(RTA_OIF, route.interface);
    if (via?.family === address.family) out.attributeBytes(RTA_GATEWAY, via.bytes);
    if (via && via.family !== address.family)
      out.attribute(RTA_VIA, () => {
        out.u16(addressFamily(via.family));
        out.bytes(via.bytes);
      });
  },
});

function scopeOf({ kind, via }: Route): number {
  if (kind === 'local') return RT_SCOPE_HOST;
  return kind === 'unicast' && !via ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
}
