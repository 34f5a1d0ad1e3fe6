// VXLAN devices (RFC 7348; linux/if_link.h, IFLA_VXLAN_*).
import type { IpAddress } from '../../base/addresses.ts';
import { type NetlinkMessage, NLM_F_CREATE, NLM_F_EXCL } from './message.ts';

const RTM_NEWLINK = 16;
const AF_UNSPEC = 0;
const IFF_UP = 0x1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_LINKINFO = 18;
const IFLA_NET_NS_FD = 28;
const IFLA_INFO_KIND = 1;
const IFLA_INFO_DATA = 2;
const IFLA_VXLAN_ID = 1;
const IFLA_VXLAN_LOCAL = 4;
const IFLA_VXLAN_TTL = 5;
const IFLA_VXLAN_LEARNING = 7;
const IFLA_VXLAN_PORT = 15;
const IFLA_VXLAN_LOCAL6 = 17;
const IFLA_VXLAN_UDP_CSUM = 18;

/** The port that IANA gave VXLAN (RFC 7348 section 8). */
export const VXLAN_PORT = 4789;
/** IP's recommended default (RFC 1700); a route's own `hoplimit` would be for others. */
const TTL = 64;

export interface VxlanDevice {
  readonly name: string;
  /** The index it gets in its namespace. */
  readonly index: number;
  /** Descriptor of the namespace it is born in. */
  readonly namespace: number;
  /** VXLAN network identifier, 24 bits. */
  readonly vni: number;
  /** The address that its packets come from; it decides the family of the outer header. */
  readonly local: IpAddress;
  /** Bytes of the longest inner IP packet. */
  readonly mtu: number;
}

/** A VXLAN device, up, that learns who is where and knows no peer yet. Its UDP socket is of the namespace that asks, for good. */
export const createVxlan = (device: VxlanDevice): NetlinkMessage => ({
  type: RTM_NEWLINK,
  flags: NLM_F_CREATE | NLM_F_EXCL,
  body: (out) => {
    out.u8(AF_UNSPEC);
    out.u8(0);
    out.u16(0);
    out.u32(device.index);
    out.u32(IFF_UP);
    out.u32(IFF_UP);
    out.attributeText(IFLA_IFNAME, device.name);
    out.attributeU32(IFLA_MTU, device.mtu);
    out.attributeU32(IFLA_NET_NS_FD, device.namespace);
    out.nested(IFLA_LINKINFO, () => {
      out.attributeText(IFLA_INFO_KIND, 'vxlan');
      out.nested(IFLA_INFO_DATA, () => {
        const { family, bytes } = device.local;
        out.attributeU32(IFLA_VXLAN_ID, device.vni);
        out.attributeBytes(family === 4 ? IFLA_VXLAN_LOCAL : IFLA_VXLAN_LOCAL6, bytes);
        out.attributeU8(IFLA_VXLAN_TTL, TTL);
        out.attributeU8(IFLA_VXLAN_LEARNING, 1);
        // In network byte order, unlike the other numbers.
        out.attributeBytes(IFLA_VXLAN_PORT, Uint8Array.of(VXLAN_PORT >> 8, VXLAN_PORT & 0xff));
        // RFC 7348 section 5: "It SHOULD be transmitted as zero" over IPv4; over IPv6 it is there, since hosts drop others.
        if (family === 4) out.attributeU8(IFLA_VXLAN_UDP_CSUM, 0);
      });
    });
  },
});
