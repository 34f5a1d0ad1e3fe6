// What has passed an interface, as the kernel counts it (rtnetlink(7), linux/if_link.h).
import { endianness } from 'node:os';
import type { NetlinkMessage } from './message.ts';
import { query } from './query.ts';

const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
const IFLA_STATS64 = 23;
/** Bytes of `struct ifinfomsg`. */
const HEADER_LENGTH = 16;
const LITTLE = endianness() === 'LE';

/** Since the interface was made. */
export interface LinkCounters {
  readonly receivedPackets: number;
  readonly sentPackets: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/** Of an interface of the namespace that this thread is in. Throws a NetlinkError when there is none of that index. */
export function readLinkCounters(index: number): LinkCounters {
  const statistics = query(linkAt(index), RTM_NEWLINK, HEADER_LENGTH).attributes.get(IFLA_STATS64);
  const word = (at: number): number => Number(statistics?.getBigUint64(at * 8, LITTLE) ?? 0);
  // The first words of `struct rtnl_link_stats64`.
  return {
    receivedPackets: word(0),
    sentPackets: word(1),
    receivedBytes: word(2),
    sentBytes: word(3),
  };
}

const linkAt = (index: number): NetlinkMessage => ({
  type: RTM_GETLINK,
  flags: 0,
  body: (out) => {
    out.u32(0);
    out.u32(index);
    for (let word = 2; word < HEADER_LENGTH / 4; word += 1) out.u32(0);
  },
});
