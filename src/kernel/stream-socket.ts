// Stream sockets that never wait, over TCP and Unix: whoever holds one hears from a `Waiter` when there is something to do.
// What fails gives a negative errno, which `errorName` puts a word to.
import { fchmodSync } from 'node:fs';
import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { loadNative } from './native.ts';
import { closeDescriptor } from './process.ts';
import {
  ADDRESS_ROOM,
  FAMILY,
  type SocketAddress,
  decodeSocketAddress,
  encodeSocketAddress,
} from './socket-address.ts';

interface StreamCalls {
  socketOpen(family: number, type: number): number;
  socketBind(fd: number, address: Uint8Array): number;
  socketListen(fd: number, backlog: number): number;
  socketConnect(fd: number, address: Uint8Array): number;
  socketAccept(fd: number, from: Uint8Array): number;
  socketName(fd: number, isPeer: number, address: Uint8Array): number;
  socketSet(fd: number, level: number, option: number, value: Uint8Array): number;
  socketGet(fd: number, level: number, option: number, value: Uint8Array): number;
  socketRead(fd: number, bytes: Uint8Array): number;
  socketWrite(fd: number, bytes: Uint8Array): number;
  socketShutdown(fd: number): number;
}

const native = loadNative() as StreamCalls;

/** What a call gives when it can do nothing now. */
export const AGAIN: number = -constants.errno.EAGAIN;
const IN_PROGRESS = -constants.errno.EINPROGRESS;

/** `ECONNRESET` for what a call gave in its place. */
export const errorName = (errno: number): string => getSystemErrorName(errno);

/** `SOCK_…` of socket(2). */
export const TYPE = { stream: 1, datagram: 2 } as const;

interface Option {
  readonly level: number;
  readonly name: number;
}
/** socket(7), tcp(7), ip(7), ipv6(7), and linux/netfilter_ipv4.h. */
const OPTION = {
  reuseAddress: { level: 1, name: 2 },
  error: { level: 1, name: 4 },
  linger: { level: 1, name: 13 },
  noDelay: { level: 6, name: 1 },
  ipv6Only: { level: 41, name: 26 },
  transparent: { level: 0, name: 19 },
  transparent6: { level: 41, name: 75 },
  packetInfo: { level: 0, name: 8 },
  packetInfo6: { level: 41, name: 49 },
  receiveOriginal: { level: 0, name: 20 },
  receiveOriginal6: { level: 41, name: 74 },
  originalDestination: { level: 0, name: 80 },
  originalDestination6: { level: 41, name: 80 },
} as const satisfies Record<string, Option>;

const ON = intBytes(1);
/** `struct linger`: on, with no time. */
const AT_ONCE = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]);
/** Connections that the kernel accepts for a listener that is busy; it takes no more than net.core.somaxconn. */
const BACKLOG = 4096;

export interface ListenOptions {
  /** Takes connections to any address that the firewall diverts to it: IP_TRANSPARENT of ip(7). */
  readonly isTransparent: boolean;
}

/** Its descriptor; what connections write leaves at once. A Unix socket is its owner's alone. Throws as Node does, with `code` and `syscall`. */
export function listenStream(address: SocketAddress, { isTransparent }: ListenOptions): number {
  return opened(address, TYPE.stream, (fd) => {
    bindSocket(fd, address, isTransparent);
    // Connections have it from their listener.
    if (address.kind === 'ip') sendAtOnce(fd);
    check(native.socketListen(fd, BACKLOG), 'listen');
  });
}

/** A socket of the address's family, prepared by `prepare`, which it does not outlive when that throws. */
export function opened(
  address: SocketAddress,
  type: number,
  prepare: (fd: number) => void,
): number {
  const fd = check(native.socketOpen(familyOf(address), type), 'socket');
  try {
    prepare(fd);
  } catch (error) {
    closeDescriptor(fd);
    throw error;
  }
  return fd;
}

export function bindSocket(fd: number, address: SocketAddress, isTransparent: boolean): void {
  const family = familyOf(address);
  if (family === FAMILY.unix) fchmodSync(fd, 0o600);
  else set(fd, OPTION.reuseAddress, ON);
  if (family === FAMILY.ipv6) set(fd, OPTION.ipv6Only, ON);
  if (isTransparent) set(fd, family === FAMILY.ipv6 ? OPTION.transparent6 : OPTION.transparent, ON);
  check(native.socketBind(fd, encodeSocketAddress(address)), 'bind');
}

/** A datagram then tells which of our addresses it was sent to; a transparent socket's, which address and port of anybody's. */
export function tellDestinations(fd: number, address: SocketAddress, isTransparent: boolean): void {
  const isIpv6 = familyOf(address) === FAMILY.ipv6;
  if (isTransparent) set(fd, isIpv6 ? OPTION.receiveOriginal6 : OPTION.receiveOriginal, ON);
  else set(fd, isIpv6 ? OPTION.packetInfo6 : OPTION.packetInfo, ON);
}

/** The next connection's descriptor; negative: none. `from` is then what `peerFrom` reads. */
export const acceptStream = (fd: number, from: Uint8Array): number => native.socketAccept(fd, from);

/** The peer of a connection that has been accepted: asked for where `from` has no room, which is of a Unix socket's path. */
export function peerFrom(fd: number, from: Uint8Array): SocketAddress | null {
  const peer = decodeSocketAddress(from);
  return peer?.kind === 'unix' ? peerAddress(fd) : peer;
}

/** A descriptor that is connected, or becomes writable once it is or has failed; negative: it has failed at once. */
export const connectStream = (address: SocketAddress): number => connect(address, TYPE.stream);

export function connect(address: SocketAddress, type: number): number {
  const fd = native.socketOpen(familyOf(address), type);
  if (fd < 0) return fd;
  const failed = native.socketConnect(fd, encodeSocketAddress(address));
  if (failed >= 0 || failed === IN_PROGRESS) return fd;
  closeDescriptor(fd);
  return failed;
}

/** Why the socket has failed, negative, which is told once; 0 when it has not. */
export function streamError(fd: number): number {
  const value = new Uint8Array(4);
  const length = native.socketGet(fd, OPTION.error.level, OPTION.error.name, value);
  return length < 0 ? length : -new DataView(value.buffer).getInt32(0, true);
}

/** Small writes leave at once. Not for Unix sockets. */
export const sendAtOnce = (fd: number): void => void setQuietly(fd, OPTION.noDelay, ON);

/** Closing it sends a RST, and nothing of what the peer has not got yet. */
export const abortOnClose = (fd: number): void => void setQuietly(fd, OPTION.linger, AT_ONCE);

/** How many bytes came; 0 at the end of the stream; negative: none, or an error. */
export const readStream = (fd: number, bytes: Uint8Array): number => native.socketRead(fd, bytes);

/** How many bytes went; negative: none, or an error. */
export const writeStream = (fd: number, bytes: Uint8Array): number => native.socketWrite(fd, bytes);

/** FIN behind what was written. */
export const endStream = (fd: number): number => native.socketShutdown(fd);

/** Its own address; null where it has none. */
export const ownAddress = (fd: number): SocketAddress | null => nameOf(fd, 0);

/** The peer's. */
export const peerAddress = (fd: number): SocketAddress | null => nameOf(fd, 1);

function nameOf(fd: number, isPeer: number): SocketAddress | null {
  const raw = new Uint8Array(ADDRESS_ROOM);
  const length = native.socketName(fd, isPeer, raw);
  return length < 0 ? null : decodeSocketAddress(raw.subarray(0, length));
}

/** Where a connection went that the firewall has redirected (SO_ORIGINAL_DST); null for one that it has not. */
export function originalDestination(fd: number): SocketAddress | null {
  const own = ownAddress(fd);
  if (own?.kind !== 'ip') return null;
  const option = own.address.includes(':')
    ? OPTION.originalDestination6
    : OPTION.originalDestination;
  const raw = new Uint8Array(28);
  const length = native.socketGet(fd, option.level, option.name, raw);
  return length < 0 ? null : decodeSocketAddress(raw.subarray(0, length));
}

export const familyOf = (address: SocketAddress): number => {
  if (address.kind === 'unix') return FAMILY.unix;
  return address.address.includes(':') ? FAMILY.ipv6 : FAMILY.ipv4;
};

const setQuietly = (fd: number, { level, name }: Option, value: Uint8Array): number =>
  native.socketSet(fd, level, name, value);

const set = (fd: number, option: Option, value: Uint8Array): void =>
  void check(setQuietly(fd, option, value), 'setsockopt');

/** Throws what failed as Node's own calls do. */
function check(outcome: number, syscall: string): number {
  if (outcome >= 0) return outcome;
  const code = getSystemErrorName(outcome);
  throw Object.assign(new Error(`${syscall}: ${code}`), { code, syscall, errno: outcome });
}

function intBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}
