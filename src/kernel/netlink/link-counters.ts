// What has passed an interface, as the kernel counts it (rtnetlink(7), linux/if_link.h).
import { endianness } from 'node:os';
import { queryLink } from './read-link.ts';

const IFLA_STATS64 = 23;
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
  const statistics = queryLink(index).attributes.get(IFLA_STATS64);
  const word = (at: number): number => Number(statistics?.getBigUint64(at * 8, LITTLE) ?? 0);
  // The first words of `struct rtnl_link_stats64`.
  return {
    receivedPackets: word(0),
    sentPackets: word(1),
    receivedBytes: word(2),
    sentBytes: word(3),
  };
}
