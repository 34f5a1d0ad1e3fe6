// Asks the kernel about one thing of the network namespace that this thread is in (rtnetlink(7)).
import { endianness } from 'node:os';
import { loadNative } from '../native.ts';
import { closeDescriptor } from '../process.ts';
import { type NetlinkMessage, encodeMessages, parseRefusals } from './message.ts';
import { NetlinkError } from './socket.ts';

interface NetlinkCalls {
  netlinkOpen(protocol: number): number;
  netlinkExchange(fd: number, messages: Buffer): Buffer;
}

/** What the kernel tells of one link, route or the like. */
export interface NetlinkReply {
  /** `struct ifinfomsg`, `struct rtmsg`, …; empty when there was no reply of that type. */
  readonly header: DataView;
  /** By type, without its flags. */
  readonly attributes: ReadonlyMap<number, DataView>;
}

const native = loadNative() as NetlinkCalls;
const LITTLE = endianness() === 'LE';
const NETLINK_ROUTE = 0;
/** Bytes of `struct nlmsghdr`. */
const MESSAGE_HEADER = 16;
const TYPE_MASK = 0x3fff;

/** The first reply of type `wished`, whose body begins with a header of that length. Throws a NetlinkError for a refusal. */
export function query(message: NetlinkMessage, wished: number, headerLength: number): NetlinkReply {
  const socket = native.netlinkOpen(NETLINK_ROUTE);
  try {
    const replies = native.netlinkExchange(socket, encodeMessages([message]));
    const [refusal] = parseRefusals(replies);
    if (refusal) throw new NetlinkError(refusal);
    return readReply(replies, wished, headerLength);
  } finally {
    closeDescriptor(socket);
  }
}

export function readReply(replies: Uint8Array, wished: number, headerLength: number): NetlinkReply {
  const view = new DataView(replies.buffer, replies.byteOffset, replies.byteLength);
  const start = MESSAGE_HEADER + headerLength;
  for (let at = 0; at + MESSAGE_HEADER <= view.byteLength;) {
    const length = view.getUint32(at, LITTLE);
    if (length < MESSAGE_HEADER || at + length > view.byteLength) break;
    if (view.getUint16(at + 4, LITTLE) === wished && length >= start) {
      const body = view.byteOffset + at + MESSAGE_HEADER;
      const rest = new DataView(view.buffer, body + headerLength, length - start);
      return {
        header: new DataView(view.buffer, body, headerLength),
        attributes: readAttributes(rest),
      };
    }
    at += aligned(length);
  }
  return { header: new DataView(new ArrayBuffer(0)), attributes: new Map() };
}

export function readAttributes(view: DataView): Map<number, DataView> {
  const found = new Map<number, DataView>();
  for (let at = 0; at + 4 <= view.byteLength;) {
    const length = view.getUint16(at, LITTLE);
    if (length < 4 || at + length > view.byteLength) break;
    const value = new DataView(view.buffer, view.byteOffset + at + 4, length - 4);
    found.set(view.getUint16(at + 2, LITTLE) & TYPE_MASK, value);
    at += aligned(length);
  }
  return found;
}

/** A 32-bit number of this machine's byte order; undefined where it is not there. */
export const readU32 = (view: DataView | undefined, offset = 0): number | undefined =>
  view && view.byteLength >= offset + 4 ? view.getUint32(offset, LITTLE) : undefined;

/** NLMSG_ALIGN, NLA_ALIGN. */
const aligned = (length: number): number => (length + 3) & ~3;
