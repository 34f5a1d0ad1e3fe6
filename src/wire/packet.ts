// A checked view over one IP packet that lies in somebody's memory. Loading it allocates nothing, so one view serves
// every packet of a path. It says what is there, not what to think of it.
import type { IpAddress } from '../base/addresses.ts';
import { formatIp } from '../base/addresses.ts';
import { ICMP } from './icmp.ts';
import { IP_PROTOCOL } from './ip-protocol.ts';
import {
  IPV4,
  ipv4DontFragment,
  ipv4Fault,
  ipv4FragmentOffset,
  ipv4HeaderLength,
  ipv4MoreFragments,
} from './ipv4.ts';
import { type ExtensionWalk, IPV6, ipv6Fault, walkExtensions } from './ipv6.ts';
import { TCP, tcpFault, tcpHeaderLength } from './tcp.ts';
import { UDP, udpFault } from './udp.ts';
import { readU16, readU32, readU8 } from './bytes.ts';
import { type ChecksumState, verifyIpChecksum, verifyTransportChecksum } from './verify.ts';

/** Fields hold what the last successful `load` found; offsets are absolute in `memory`. Only `load` writes them. */
export class PacketView implements ExtensionWalk {
  memory: Uint8Array = new Uint8Array(0);
  start = 0;
  /** Where the IP packet ends: padding after it is left out. */
  end = 0;
  /** Why the last `load` refused, or null. */
  fault: string | null = null;
  version: 4 | 6 = 4;
  protocol = 0;
  ttl = 0;
  trafficClass = 0;
  /** IPv4 identification; 0 for IPv6 without a Fragment header. */
  ipId = 0;
  dontFragment = false;
  /** 4 or 16 bytes. */
  addressLength = 4;
  sourceOffset = 0;
  destinationOffset = 0;
  isFragment = false;
  /** Bytes into the datagram; a later fragment has no transport header. */
  fragmentOffset = 0;
  moreFragments = false;
  fragmentId = 0;
  transportStart = 0;
  /** Whether a whole TCP, UDP or ICMP header was read. */
  hasTransport = false;
  /** TCP and UDP; otherwise 0. */
  sourcePort = 0;
  destinationPort = 0;
  sequence = 0;
  acknowledgment = 0;
  /** Bits of `TCP_FLAG`. */
  flags = 0;
  /** As in the header, not scaled. */
  window = 0;
  icmpType = 0;
  icmpCode = 0;
  payloadStart = 0;
  payloadEnd = 0;
  /** Bytes of payload on the wire: more than `payloadEnd - payloadStart` when a capture cut the packet. */
  payloadLength = 0;

  /**
   * Reads the packet whose IP header is at `start`. False, with `fault`, when it is malformed or not IP. `wireLength` is given
   * for packets from captures that keep only the first bytes.
   */
  load(memory: Uint8Array, start: number, end: number, wireLength: number = end - start): boolean {
    this.memory = memory;
    this.start = start;
    this.fault = end > start ? loadIp(this, memory, start, end, wireLength) : 'Packet is empty';
    return this.fault === null;
  }

  get isTcp(): boolean {
    return this.hasTransport && this.protocol === IP_PROTOCOL.tcp;
  }

  get isUdp(): boolean {
    return this.hasTransport && this.protocol === IP_PROTOCOL.udp;
  }

  /** A copy. */
  get source(): IpAddress {
    return this.#address(this.sourceOffset);
  }

  /** A copy. */
  get destination(): IpAddress {
    return this.#address(this.destinationOffset);
  }

  get sourceText(): string {
    return formatIp(this.source);
  }

  get destinationText(): string {
    return formatIp(this.destination);
  }

  /** A view of the payload, valid as long as the memory is. */
  get payload(): Uint8Array {
    return this.memory.subarray(this.payloadStart, this.payloadEnd);
  }

  /** A view of the options of a TCP header, padding included, valid as long as the memory is. */
  get tcpOptions(): Uint8Array {
    return this.memory.subarray(this.transportStart + TCP.headerLength, this.payloadStart);
  }

  /** Of a TCP segment. */
  get urgentPointer(): number {
    return readU16(this.memory, this.transportStart + TCP.urgentPointer);
  }

  verifyIpChecksum(): ChecksumState {
    return verifyIpChecksum(this);
  }

  verifyTransportChecksum(): ChecksumState {
    return verifyTransportChecksum(this);
  }

  #address(offset: number): IpAddress {
    return {
      family: this.version,
      bytes: this.memory.slice(offset, offset + this.addressLength),
    };
  }
}

function loadIp(
  view: PacketView,
  memory: Uint8Array,
  start: number,
  end: number,
  wireLength: number,
): string | null {
  const version = readU8(memory, start) >>> 4;
  if (version === 4) return loadIpv4(view, memory, start, end, wireLength);
  if (version === 6) return loadIpv6(view, memory, start, end, wireLength);
  return 'IP version is neither 4 nor 6';
}

function loadIpv4(
  view: PacketView,
  memory: Uint8Array,
  start: number,
  end: number,
  wireLength: number,
): string | null {
  const fault = ipv4Fault(memory, start, end, wireLength);
  if (fault !== null) return fault;
  view.version = 4;
  view.addressLength = 4;
  view.sourceOffset = start + IPV4.source;
  view.destinationOffset = start + IPV4.destination;
  view.protocol = readU8(memory, start + IPV4.protocol);
  view.ttl = readU8(memory, start + IPV4.ttl);
  view.trafficClass = readU8(memory, start + IPV4.trafficClass);
  view.ipId = readU16(memory, start + IPV4.id);
  view.dontFragment = ipv4DontFragment(memory, start);
  view.moreFragments = ipv4MoreFragments(memory, start);
  view.fragmentOffset = ipv4FragmentOffset(memory, start);
  view.isFragment = view.moreFragments || view.fragmentOffset > 0;
  view.fragmentId = view.ipId;
  view.transportStart = start + ipv4HeaderLength(memory, start);
  const wireEnd = start + readU16(memory, start + IPV4.totalLength);
  return loadTransport(view, memory, Math.min(end, wireEnd), wireEnd);
}

function loadIpv6(
  view: PacketView,
  memory: Uint8Array,
  start: number,
  end: number,
  wireLength: number,
): string | null {
  const fault = ipv6Fault(memory, start, end, wireLength);
  if (fault !== null) return fault;
  view.version = 6;
  view.addressLength = 16;
  view.sourceOffset = start + IPV6.source;
  view.destinationOffset = start + IPV6.destination;
  view.ttl = readU8(memory, start + IPV6.hopLimit);
  view.trafficClass = (readU16(memory, start) >>> 4) & 0xff;
  view.ipId = 0;
  view.dontFragment = true;
  const wireEnd = start + IPV6.headerLength + readU16(memory, start + IPV6.payloadLength);
  const packetEnd = Math.min(end, wireEnd);
  const walkFault = walkExtensions(memory, start, packetEnd, view);
  if (walkFault !== null) return walkFault;
  return loadTransport(view, memory, packetEnd, wireEnd);
}

function loadTransport(
  view: PacketView,
  memory: Uint8Array,
  end: number,
  wireEnd: number,
): string | null {
  const at = view.transportStart;
  view.end = end;
  view.sourcePort = 0;
  view.destinationPort = 0;
  view.sequence = 0;
  view.acknowledgment = 0;
  view.flags = 0;
  view.window = 0;
  view.icmpType = 0;
  view.icmpCode = 0;
  view.hasTransport = false;
  view.payloadStart = at;
  view.payloadEnd = end;
  view.payloadLength = wireEnd - at;
  if (view.fragmentOffset > 0) return null;
  const fault = loadUpperLayer(view, memory, at, end, wireEnd);
  // The first fragment may be too small for the transport header (RFC 1858): legal, and nothing to read.
  return fault !== null && view.moreFragments ? null : fault;
}

function loadUpperLayer(
  view: PacketView,
  memory: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): string | null {
  switch (view.protocol) {
    case IP_PROTOCOL.tcp:
      return loadTcp(view, memory, at, end, wireEnd);
    case IP_PROTOCOL.udp:
      return loadUdp(view, memory, at, end, wireEnd);
    case IP_PROTOCOL.icmp:
    case IP_PROTOCOL.icmpv6:
      return loadIcmp(view, memory, at, end, wireEnd);
    default:
      return null;
  }
}

function loadTcp(
  view: PacketView,
  memory: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): string | null {
  const fault = tcpFault(memory, at, end);
  if (fault !== null) return fault;
  view.hasTransport = true;
  view.sourcePort = readU16(memory, at + TCP.sourcePort);
  view.destinationPort = readU16(memory, at + TCP.destinationPort);
  view.sequence = readU32(memory, at + TCP.sequence);
  view.acknowledgment = readU32(memory, at + TCP.acknowledgment);
  view.flags = readU8(memory, at + TCP.flags);
  view.window = readU16(memory, at + TCP.window);
  view.payloadStart = at + tcpHeaderLength(memory, at);
  view.payloadLength = wireEnd - view.payloadStart;
  return null;
}

function loadUdp(
  view: PacketView,
  memory: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): string | null {
  // A first fragment's length field counts the whole datagram, which is longer than this packet.
  const fault = udpFault(memory, at, end, view.moreFragments ? Infinity : wireEnd);
  if (fault !== null) return fault;
  view.hasTransport = true;
  view.sourcePort = readU16(memory, at + UDP.sourcePort);
  view.destinationPort = readU16(memory, at + UDP.destinationPort);
  const length = readU16(memory, at + UDP.length);
  const datagramEnd = length === 0 ? wireEnd : Math.min(wireEnd, at + length);
  view.payloadStart = at + UDP.headerLength;
  view.payloadEnd = Math.min(end, datagramEnd);
  view.payloadLength = datagramEnd - view.payloadStart;
  return null;
}

function loadIcmp(
  view: PacketView,
  memory: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): string | null {
  if (end - at < ICMP.headerLength) return 'ICMP message is shorter than its 8-byte header';
  view.hasTransport = true;
  view.icmpType = readU8(memory, at + ICMP.type);
  view.icmpCode = readU8(memory, at + ICMP.code);
  view.payloadStart = at + ICMP.headerLength;
  view.payloadLength = wireEnd - view.payloadStart;
  return null;
}
