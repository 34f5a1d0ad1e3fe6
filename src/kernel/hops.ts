// Sockets whose packets do not go all the way: raw ICMP, and TCP with a limited TTL.
import { invariant } from '../base/invariant.ts';
import { loadNative } from './native.ts';
import { closeDescriptor } from './process.ts';

type IpVersion = 4 | 6;

interface HopCalls {
  icmpOpen(version: IpVersion): number;
  icmpSend(fd: number, address: Uint8Array, message: Uint8Array, limit: number): void;
  icmpReceive(fd: number, message: Uint8Array, source: Uint8Array, time: Float64Array): number;
  tcpOpen(version: IpVersion, limit: number): number;
  setHopLimit(fd: number, version: IpVersion, limit: number): void;
}

const native = loadNative() as HopCalls;

export interface ReceivedIcmp {
  /** 4 or 16 bytes. */
  readonly source: Uint8Array;
  /** When the kernel took it in, microseconds since the epoch. */
  readonly time: number;
  /** From the type field on. */
  readonly message: Uint8Array;
}

/** Hears every ICMP message of one family that this thread's network namespace gets. */
export interface IcmpSocket {
  /** Sends a message with this TTL or hop limit; its checksum must be right for ICMP and is the kernel's for ICMPv6. */
  send(address: Uint8Array, message: Uint8Array, limit: number): void;
  /** The next message, or null when there is none yet. */
  receive(): ReceivedIcmp | null;
  close(): void;
}

/** Bytes of the longest IP packet. */
const LONGEST = 65_535;

export function openIcmp(version: IpVersion): IcmpSocket {
  const fd = native.icmpOpen(version);
  const room = new Uint8Array(LONGEST);
  const source = new Uint8Array(16);
  const time = new Float64Array(1);
  let isOpen = true;
  return {
    send: (address, message, limit) => {
      invariant(isOpen, 'A closed socket sends nothing');
      native.icmpSend(fd, address, message, limit);
    },
    receive: () => {
      if (!isOpen) return null;
      const length = native.icmpReceive(fd, room, source, time);
      if (length < 0) return null;
      return {
        source: source.slice(0, version === 4 ? 4 : 16),
        time: time[0] ?? 0,
        message: room.slice(0, length),
      };
    },
    close: () => {
      if (isOpen) closeDescriptor(fd);
      isOpen = false;
    },
  };
}

/** The descriptor of a TCP socket, not yet connected, that sends with this TTL or hop limit. */
export const openTcp = (version: IpVersion, limit: number): number =>
  native.tcpOpen(version, limit);

/** The TTL or hop limit of all that a socket sends from now on, retransmissions included. */
export const setHopLimit = (fd: number, version: IpVersion, limit: number): void =>
  native.setHopLimit(fd, version, limit);
