// Looks an interface up by its name: for those to which the kernel gave their index.
import { endianness } from 'node:os';
import { loadNative } from '../native.ts';
import { closeDescriptor } from '../process.ts';
import { type NetlinkMessage, encodeMessages, parseRefusals } from './message.ts';
import { NetlinkError } from './socket.ts';

interface NetlinkCalls {
  netlinkOpen(protocol: number): number;
  netlinkExchange(fd: number, messages: Buffer): Buffer;
}

const native = loadNative() as NetlinkCalls;
const LITTLE = endianness() === 'LE';
const NETLINK_ROUTE = 0;
const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
const IFLA_IFNAME = 3;
const HEADER_LENGTH = 16;
/** Of `ifi_index` in `struct ifinfomsg`. */
const INDEX_OFFSET = 4;
const INFO_LENGTH = 16;

/** The index of an interface of the namespace that this thread is in; undefined when there is none of that name. */
export function findLink(name: string): number | undefined {
  const socket = native.netlinkOpen(NETLINK_ROUTE);
  try {
    const replies = native.netlinkExchange(socket, encodeMessages([linkNamed(name)]));
    const [refusal] = parseRefusals(replies);
    if (refusal && refusal.code !== 'ENODEV') throw new NetlinkError(refusal);
    return refusal ? undefined : readIndex(replies);
  } finally {
    closeDescriptor(socket);
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

/** The index in the first description of a link among replies. */
export function readIndex(replies: Uint8Array): number | undefined {
  const view = new DataView(replies.buffer, replies.byteOffset, replies.byteLength);
  for (let at = 0; at + HEADER_LENGTH <= view.byteLength;) {
    const length = view.getUint32(at, LITTLE);
    if (length < HEADER_LENGTH || at + length > view.byteLength) return undefined;
    if (view.getUint16(at + 4, LITTLE) === RTM_NEWLINK && length >= HEADER_LENGTH + INFO_LENGTH)
      return view.getInt32(at + HEADER_LENGTH + INDEX_OFFSET, LITTLE);
    at += (length + 3) & ~3;
  }
  return undefined;
}
