// WireGuard interfaces, and what a TUN interface needs to serve as one (rtnetlink(7), linux/if_link.h).
import { type MessageWriter, type NetlinkMessage, NLM_F_CREATE, NLM_F_EXCL } from './message.ts';

const RTM_NEWLINK = 16;
const AF_UNSPEC = 0;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_LINKINFO = 18;
const IFLA_NET_NS_FD = 28;
const IFLA_NEW_IFINDEX = 49;
const IFLA_INFO_KIND = 1;

/** The kernel's WireGuard, down, born in `namespace` (a descriptor); its UDP socket is of the namespace that asks. */
export const createWireguard = (link: {
  readonly name: string;
  readonly index: number;
  readonly mtu: number;
  readonly namespace: number;
}): NetlinkMessage => ({
  type: RTM_NEWLINK,
  flags: NLM_F_CREATE | NLM_F_EXCL,
  body: (out) => {
    writeHeader(out, link.index);
    out.attributeText(IFLA_IFNAME, link.name);
    out.attributeU32(IFLA_MTU, link.mtu);
    out.attributeU32(IFLA_NET_NS_FD, link.namespace);
    out.nested(IFLA_LINKINFO, () => out.attributeText(IFLA_INFO_KIND, 'wireguard'));
  },
});

/** Moves an interface of this namespace into another, where it has `index` (heeded since Linux 5.13) and is down. */
export const moveLink = (name: string, namespace: number, index: number): NetlinkMessage => ({
  type: RTM_NEWLINK,
  flags: 0,
  body: (out) => {
    writeHeader(out, 0);
    out.attributeText(IFLA_IFNAME, name);
    out.attributeU32(IFLA_NET_NS_FD, namespace);
    out.attributeU32(IFLA_NEW_IFINDEX, index);
  },
});

export const setMtu = (index: number, mtu: number): NetlinkMessage => ({
  type: RTM_NEWLINK,
  flags: 0,
  body: (out) => {
    writeHeader(out, index);
    out.attributeU32(IFLA_MTU, mtu);
  },
});

/** `struct ifinfomsg` that changes no flags. */
function writeHeader(out: MessageWriter, index: number): void {
  out.u8(AF_UNSPEC);
  out.u8(0);
  out.u16(0);
  out.u32(index);
  out.u32(0);
  out.u32(0);
}
