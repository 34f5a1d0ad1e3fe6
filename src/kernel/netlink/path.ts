// Which way packets to an address would take, as the kernel says it (rtnetlink(7)).
import { endianness } from 'node:os';
import type { IpAddress } from '../../base/addresses.ts';
import { loadNative } from '../native.ts';
import { closeDescriptor } from '../process.ts';
import { addressFamily } from './family.ts';
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
const RTM_NEWROUTE = 24;
const RTM_GETROUTE = 26;
const RTA_DST = 1;
const RTA_OIF = 4;
const RTA_METRICS = 8;
const RTAX_MTU = 2;
const IFLA_MTU = 4;
/** Bytes of the netlink header, struct rtmsg and struct ifinfomsg. */
const HEADER = 16;
const ROUTE_HEADER = 12;
const LINK_HEADER = 16;
const TYPE_MASK = 0x3fff;

export interface NetworkPath {
  /** The index of the interface that packets leave by. */
  readonly interface: number;
  /** Bytes of the longest packet: that of the route when it has one, else the interface's. */
  readonly mtu: number;
}

/** How the namespace that this thread is in reaches an address. Throws a NetlinkError when there is no route. */
export function findPath(address: IpAddress): NetworkPath {
  const route = request(routeTo(address), RTM_NEWROUTE, ROUTE_HEADER);
  const device = readNumber(route.get(RTA_OIF)) ?? 0;
  const metrics = route.get(RTA_METRICS);
  const routeMtu = metrics && readNumber(readAttributes(metrics).get(RTAX_MTU));
  const link = request(linkOf(device), RTM_NEWLINK, LINK_HEADER);
  const linkMtu = readNumber(link.get(IFLA_MTU)) ?? 0;
  return { interface: device, mtu: routeMtu ? Math.min(routeMtu, linkMtu) : linkMtu };
}

const routeTo = ({ family, bytes }: IpAddress): NetlinkMessage => ({
  type: RTM_GETROUTE,
  flags: 0,
  body: (out) => {
    out.u8(addressFamily(family));
    out.u8(bytes.length * 8);
    for (let rest = 2; rest < ROUTE_HEADER; rest += 1) out.u8(0);
    out.attributeBytes(RTA_DST, bytes);
  },
});

const linkOf = (index: number): NetlinkMessage => ({
  type: RTM_GETLINK,
  flags: 0,
  body: (out) => {
    out.u32(0);
    out.u32(index);
    out.u32(0);
    out.u32(0);
  },
});

/** The attributes of the one answer of type `wished`, by their types. */
function request(
  message: NetlinkMessage,
  wished: number,
  bodyHeader: number,
): Map<number, DataView> {
  const socket = native.netlinkOpen(NETLINK_ROUTE);
  try {
    const replies = native.netlinkExchange(socket, encodeMessages([message]));
    const [refusal] = parseRefusals(replies);
    if (refusal) throw new NetlinkError(refusal);
    return readAttributes(findReply(replies, wished, bodyHeader));
  } finally {
    closeDescriptor(socket);
  }
}

function findReply(replies: Buffer, wished: number, bodyHeader: number): DataView {
  const view = new DataView(replies.buffer, replies.byteOffset, replies.byteLength);
  for (let at = 0; at + HEADER <= view.byteLength;) {
    const length = view.getUint32(at, LITTLE);
    if (length < HEADER || at + length > view.byteLength) break;
    const start = HEADER + bodyHeader;
    if (view.getUint16(at + 4, LITTLE) === wished && length >= start)
      return new DataView(view.buffer, view.byteOffset + at + start, length - start);
    at += (length + 3) & ~3;
  }
  return new DataView(new ArrayBuffer(0));
}

function readAttributes(view: DataView): Map<number, DataView> {
  const found = new Map<number, DataView>();
  for (let at = 0; at + 4 <= view.byteLength;) {
    const length = view.getUint16(at, LITTLE);
    if (length < 4 || at + length > view.byteLength) break;
    const value = new DataView(view.buffer, view.byteOffset + at + 4, length - 4);
    found.set(view.getUint16(at + 2, LITTLE) & TYPE_MASK, value);
    at += (length + 3) & ~3;
  }
  return found;
}

const readNumber = (value: DataView | undefined): number | undefined =>
  value && value.byteLength >= 4 ? value.getUint32(0, LITTLE) : undefined;
