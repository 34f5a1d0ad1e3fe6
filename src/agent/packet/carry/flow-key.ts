// A direction of a flow that the kernel may carry: plain TCP segments and UDP datagrams, whose ports lie where a filter finds them.
import { IP_PROTOCOL } from '../../../wire/ip-protocol.ts';
import { IPV4, ipv4HeaderLength } from '../../../wire/ipv4.ts';
import { IPV6 } from '../../../wire/ipv6.ts';
import { readI32, readU16, readU32, readU8 } from '../../../wire/bytes.ts';
import { TCP, TCP_FLAG } from '../../../wire/tcp.ts';

export interface FlowKey {
  readonly family: 4 | 6;
  readonly protocol: number;
  /** 32-bit words. */
  readonly source: readonly number[];
  readonly destination: readonly number[];
  /** Source and destination port as they lie in the header: one word. */
  readonly ports: number;
}

/** Segments that begin or end a connection are never carried: the censor sees that a flow ends, and that its ports are used anew. */
export const CONTROL_FLAGS: number = TCP_FLAG.SYN | TCP_FLAG.FIN | TCP_FLAG.RST;
/** More fragments, or an offset: ports are in the first alone. */
export const ANY_FRAGMENT = 0x3fff;
/** Of TCP up to its flags; all that a datagram's header has is shorter. */
export const LEAST_TRANSPORT: number = TCP.flags + 1;

/** Where the transport header starts, of a packet that may be carried; -1 of any other. The IP header has been checked. */
export function carriedTransport(memory: Uint8Array, start: number, end: number): number {
  const at = findTransport(memory, start, end);
  if (at < 0 || !isTcp(memory, start)) return at;
  return (readU8(memory, at + TCP.flags) & CONTROL_FLAGS) === 0 ? at : -1;
}

/** Where the ports of a TCP segment or UDP datagram are, whatever its flags; -1 where there are none, or not all of its header. */
export function findTransport(memory: Uint8Array, start: number, end: number): number {
  const isV4 = readU8(memory, start) >>> 4 === 4;
  const protocol = readU8(memory, start + (isV4 ? IPV4.protocol : IPV6.nextHeader));
  if (protocol !== IP_PROTOCOL.tcp && protocol !== IP_PROTOCOL.udp) return -1;
  if (isV4 && (readU16(memory, start + IPV4.flagsFragment) & ANY_FRAGMENT) !== 0) return -1;
  const at = start + (isV4 ? ipv4HeaderLength(memory, start) : IPV6.headerLength);
  return end - at < LEAST_TRANSPORT ? -1 : at;
}

const isTcp = (memory: Uint8Array, start: number): boolean =>
  readU8(memory, start + (readU8(memory, start) >>> 4 === 4 ? IPV4.protocol : IPV6.nextHeader)) ===
  IP_PROTOCOL.tcp;

/** A number that is the same for both directions of a flow, and rarely for others. */
export function flowHash(memory: Uint8Array, start: number, transport: number): number {
  const isV4 = readU8(memory, start) >>> 4 === 4;
  const from = start + (isV4 ? IPV4.source : IPV6.source);
  const words = isV4 ? 2 : 8;
  let hash = readU16(memory, transport) + readU16(memory, transport + 2) * 0x9e3b;
  hash ^= readU16(memory, transport + 2) + readU16(memory, transport) * 0x9e3b;
  for (let word = 0; word < words; word += 1) hash ^= readI32(memory, from + word * 4);
  return Math.imul(hash ^ (hash >>> 15), 0x85eb_ca6b) | 0;
}

export function readFlowKey(memory: Uint8Array, start: number, transport: number): FlowKey {
  const isV4 = readU8(memory, start) >>> 4 === 4;
  const length = isV4 ? 1 : 4;
  const words = (at: number): number[] =>
    Array.from({ length }, (_, index) => readU32(memory, at + index * 4));
  return {
    family: isV4 ? 4 : 6,
    protocol: readU8(memory, start + (isV4 ? IPV4.protocol : IPV6.nextHeader)),
    source: words(start + (isV4 ? IPV4.source : IPV6.source)),
    destination: words(start + (isV4 ? IPV4.destination : IPV6.destination)),
    ports: readU32(memory, transport),
  };
}

export const reverseKey = (key: FlowKey): FlowKey => ({
  ...key,
  source: key.destination,
  destination: key.source,
  ports: ((key.ports << 16) | (key.ports >>> 16)) >>> 0,
});

export const isSameKey = (left: FlowKey, right: FlowKey): boolean =>
  left.ports === right.ports &&
  left.family === right.family &&
  left.protocol === right.protocol &&
  left.source.every((word, index) => word === right.source[index]) &&
  left.destination.every((word, index) => word === right.destination[index]);
