// What the kernel tells of an interface known by its index.
import type { NetlinkMessage } from './message.ts';
import { type NetlinkReply, query, readU32 } from './query.ts';
import { NetlinkError } from './socket.ts';

const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
/** Bytes of `struct ifinfomsg`, and where `ifi_flags` is in it. */
const HEADER_LENGTH = 16;
const FLAGS_OFFSET = 8;
const IFF_LOOPBACK = 0x8;

export interface LinkFacts {
  readonly name: string;
  /** Empty where its kind has none, such as a tunnel's. */
  readonly mac: Uint8Array;
  readonly mtu: number;
  readonly isLoopback: boolean;
}

/** Of the namespace that this thread is in; undefined when there is none of that index. */
export function readLink(index: number): LinkFacts | undefined {
  try {
    const { header, attributes } = queryLink(index);
    const name = attributes.get(IFLA_IFNAME);
    if (!name) return undefined;
    const text = Buffer.from(name.buffer, name.byteOffset, name.byteLength).toString('utf8');
    const mac = attributes.get(IFLA_ADDRESS);
    return {
      name: text.replace(/\0+$/, ''),
      mac: mac
        ? Uint8Array.from(new Uint8Array(mac.buffer, mac.byteOffset, mac.byteLength))
        : new Uint8Array(0),
      mtu: readU32(attributes.get(IFLA_MTU)) ?? 0,
      isLoopback: ((readU32(header, FLAGS_OFFSET) ?? 0) & IFF_LOOPBACK) !== 0,
    };
  } catch (error) {
    if (error instanceof NetlinkError && error.code === 'ENODEV') return undefined;
    throw error;
  }
}

/** All that the kernel says of the interface. Throws a NetlinkError when there is none of that index. */
export const queryLink = (index: number): NetlinkReply =>
  query(linkAt(index), RTM_NEWLINK, HEADER_LENGTH);

const linkAt = (index: number): NetlinkMessage => ({
  type: RTM_GETLINK,
  flags: 0,
  body: (out) => {
    out.u32(0);
    out.u32(index);
    for (let word = 2; word < HEADER_LENGTH / 4; word += 1) out.u32(0);
  },
});
