import type { IpPrefix } from '../../base/addresses.ts';
import { addressFamily } from './family.ts';
import { type NetlinkMessage, NLM_F_CREATE, NLM_F_EXCL } from './message.ts';

const RTM_NEWADDR = 20;
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_BROADCAST = 4;
/** No duplicate address detection: the plan gives each address once, and waiting a second for it is a second lost. */
const IFA_F_NODAD = 0x02;
const RT_SCOPE_UNIVERSE = 0;

/** Gives an interface an address with its prefix length, usable at once. */
export const addAddress = (index: number, prefix: IpPrefix): NetlinkMessage => ({
  type: RTM_NEWADDR,
  flags: NLM_F_CREATE | NLM_F_EXCL,
  body: (out) => {
    const { address, length } = prefix;
    out.u8(addressFamily(address.family));
    out.u8(length);
    out.u8(IFA_F_NODAD);
    out.u8(RT_SCOPE_UNIVERSE);
    out.u32(index);
    out.attributeBytes(IFA_LOCAL, address.bytes);
    out.attributeBytes(IFA_ADDRESS, address.bytes);
    // RFC 3021: a /31 has no broadcast address.
    if (address.family === 4 && length < 31)
      out.attributeBytes(IFA_BROADCAST, broadcastAddress(address.bytes, length));
  },
});

const broadcastAddress = (bytes: Uint8Array, length: number): Uint8Array =>
  bytes.map((byte, position) => byte | (0xff >> Math.min(8, Math.max(0, length - position * 8))));
