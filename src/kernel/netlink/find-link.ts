// Looks an interface up by its name: for those to which the kernel gave their index.
import type { NetlinkMessage } from './message.ts';
import { query, readU32 } from './query.ts';
import { NetlinkError } from './socket.ts';

const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
const IFLA_IFNAME = 3;
/** Bytes of `struct ifinfomsg`, and where `ifi_index` is in it. */
const INFO_LENGTH = 16;
const INDEX_OFFSET = 4;

/** The index of an interface of the namespace that this thread is in; undefined when there is none of that name. */
export function findLink(name: string): number | undefined {
  try {
    return readU32(query(linkNamed(name), RTM_NEWLINK, INFO_LENGTH).header, INDEX_OFFSET);
  } catch (error) {
    if (error instanceof NetlinkError && error.code === 'ENODEV') return undefined;
    throw error;
  }
}

export const linkNamed = (name: string): NetlinkMessage => ({
  type: RTM_GETLINK,
  flags: 0,
  body: (out) => {
    for (let word = 0; word < INFO_LENGTH / 4; word += 1) out.u32(0);
    out.attributeText(IFLA_IFNAME, name);
  },
});
