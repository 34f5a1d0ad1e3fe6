import type { IpAddress } from '../../base/addresses.ts';
import { addressFamily } from './family.ts';
import { type NetlinkMessage, NLM_F_APPEND, NLM_F_CREATE, NLM_F_EXCL } from './message.ts';

const RTM_NEWNEIGH = 28;
const NDA_DST = 1;
const NDA_LLADDR = 2;
const NUD_NOARP = 0x40;
const NUD_PERMANENT = 0x80;
const NTF_SELF = 0x02;
const AF_BRIDGE = 7;

/** A neighbour known for good, so that no packet waits for ARP or neighbour discovery: ip-neighbour(8). */
export const addNeighbour = (
  index: number,
  address: IpAddress,
  mac: Uint8Array,
): NetlinkMessage => ({
  type: RTM_NEWNEIGH,
  flags: NLM_F_CREATE | NLM_F_EXCL,
  body: (out) => {
    out.u8(addressFamily(address.family));
    out.u8(0);
    out.u16(0);
    out.u32(index);
    out.u16(NUD_PERMANENT);
    out.u8(0);
    out.u8(0);
    out.attributeBytes(NDA_DST, address.bytes);
    out.attributeBytes(NDA_LLADDR, mac);
  },
});

/**
 * One more peer to which a VXLAN device sends what it knows no single place for, groups and broadcasts included: a default
 * entry of its forwarding database (bridge-fdb(8), `append` of the all-zero address).
 */
export const addFloodPeer = (index: number, address: IpAddress): NetlinkMessage => ({
  type: RTM_NEWNEIGH,
  flags: NLM_F_CREATE | NLM_F_APPEND,
  body: (out) => {
    out.u8(AF_BRIDGE);
    out.u8(0);
    out.u16(0);
    out.u32(index);
    out.u16(NUD_PERMANENT | NUD_NOARP);
    out.u8(NTF_SELF);
    out.u8(0);
    out.attributeBytes(NDA_DST, address.bytes);
    out.attributeBytes(NDA_LLADDR, new Uint8Array(6));
  },
});
