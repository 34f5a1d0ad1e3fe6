// Whole IP packets from meanings, with right lengths and checksums, for both families.
import type { IpAddress } from '../base/addresses.ts';
import { invariant } from '../base/invariant.ts';
import { ICMP, type IcmpMessage, emitIcmp } from './icmp.ts';
import { IPV4, writeIpv4Header } from './ipv4.ts';
import { FRAGMENT, IPV6, buildFragmentHeader, writeIpv6Header } from './ipv6.ts';
import { IP_PROTOCOL } from './ip-protocol.ts';
import { TCP, tcpLengthWith, writeTcpHeader } from './tcp.ts';
import { UDP, udpChecksumField, writeUdpHeader } from './udp.ts';
import {
  type ChecksumChoice,
  chooseChecksum,
  internetChecksum,
  pseudoHeaderSum,
} from './checksum.ts';
import { readU16, writeU16 } from './bytes.ts';

/** What an IP header needs; both addresses are of one family. What is left out is what a sound packet has. */
export interface IpSpec {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** TTL or hop limit; 64 unless given. */
  readonly ttl?: number | undefined;
  /** DSCP and ECN. */
  readonly trafficClass?: number | undefined;
  /** IPv6 only; 20 bits. */
  readonly flowLabel?: number | undefined;
  /** Identification; 0 unless given. IPv6 has one in its Fragment header only. */
  readonly id?: number | undefined;
  /** IPv4 only; set unless given. */
  readonly dontFragment?: boolean | undefined;
  /** IPv6: a Fragment header is there when one of these two is given, even as false or 0 (RFC 6946). */
  readonly moreFragments?: boolean | undefined;
  /** In bytes; a multiple of 8. */
  readonly fragmentOffset?: number | undefined;
  /** IPv4 only. */
  readonly ipChecksum?: ChecksumChoice | undefined;
}

export interface TcpSpec extends IpSpec {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgment?: number | undefined;
  /** Bits of `TCP_FLAG`. */
  readonly flags: number;
  /** 65535 unless given. */
  readonly window?: number | undefined;
  readonly urgentPointer?: number | undefined;
  /** Data offset in 32-bit words and the reserved bits, written as they are. */
  readonly dataOffset?: number | undefined;
  readonly reserved?: number | undefined;
  /** As `emitTcpOptions` gives them. */
  readonly options?: Uint8Array | undefined;
  readonly payload?: Uint8Array | undefined;
  readonly checksum?: ChecksumChoice | undefined;
}

export interface UdpSpec extends IpSpec {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
  /** The length field, written as it is. */
  readonly length?: number | undefined;
  /** 0 stands for none. */
  readonly checksum?: ChecksumChoice | undefined;
}

const NOTHING = new Uint8Array(0);

/** A packet of any protocol around `payload`, which is taken as it is. */
export function buildIp(spec: IpSpec, protocol: number, payload: Uint8Array): Uint8Array {
  const packet = allocate(spec, protocol, payload.length);
  packet.set(payload, headerLengthOf(spec));
  return packet;
}

export function buildTcp(spec: TcpSpec): Uint8Array {
  const payload = spec.payload ?? NOTHING;
  const options = spec.options ?? NOTHING;
  const packet = allocate(spec, IP_PROTOCOL.tcp, tcpLengthWith(options) + payload.length);
  const at = headerLengthOf(spec);
  writeTcpHeader(packet, at, {
    sourcePort: spec.sourcePort,
    destinationPort: spec.destinationPort,
    sequence: spec.sequence,
    acknowledgment: spec.acknowledgment ?? 0,
    flags: spec.flags,
    window: spec.window ?? 0xffff,
    urgentPointer: spec.urgentPointer ?? 0,
    dataOffset: spec.dataOffset,
    reserved: spec.reserved,
    options,
  });
  packet.set(payload, at + tcpLengthWith(options));
  const right = transportChecksum(packet, at, spec, IP_PROTOCOL.tcp);
  writeU16(packet, at + TCP.checksum, chooseChecksum(spec.checksum ?? 'right', right));
  return packet;
}

export function buildUdp(spec: UdpSpec): Uint8Array {
  const packet = allocate(spec, IP_PROTOCOL.udp, UDP.headerLength + spec.payload.length);
  const at = headerLengthOf(spec);
  writeUdpHeader(packet, at, spec.sourcePort, spec.destinationPort, spec.payload.length);
  packet.set(spec.payload, at + UDP.headerLength);
  const right = udpChecksumField(transportChecksum(packet, at, spec, IP_PROTOCOL.udp));
  writeU16(packet, at + UDP.checksum, chooseChecksum(spec.checksum ?? 'right', right));
  if (spec.length !== undefined) writeU16(packet, at + UDP.length, spec.length);
  return packet;
}

/** ICMP or ICMPv6, as the addresses' family says. */
export function buildIcmp(spec: IpSpec, message: IcmpMessage): Uint8Array {
  const isV4 = spec.source.family === 4;
  const packet = buildIp(spec, isV4 ? IP_PROTOCOL.icmp : IP_PROTOCOL.icmpv6, emitIcmp(message));
  const at = headerLengthOf(spec);
  const checksum = isV4
    ? internetChecksum(packet, at, packet.length)
    : transportChecksum(packet, at, spec, IP_PROTOCOL.icmpv6);
  writeU16(packet, at + ICMP.checksum, checksum);
  return packet;
}

/** Where what the IP header carries begins. */
function headerLengthOf(spec: IpSpec): number {
  if (spec.source.family === 4) return IPV4.headerLength;
  return IPV6.headerLength + (hasFragmentHeader(spec) ? FRAGMENT.length : 0);
}

const hasFragmentHeader = (spec: IpSpec): boolean =>
  spec.moreFragments !== undefined || spec.fragmentOffset !== undefined;

function allocate(spec: IpSpec, protocol: number, payloadLength: number): Uint8Array {
  const { source, destination } = spec;
  invariant(source.family === destination.family, 'both addresses of a packet are of one family');
  const packet = new Uint8Array(headerLengthOf(spec) + payloadLength);
  if (source.family === 4) writeIpv4(packet, spec, protocol, payloadLength);
  else writeIpv6(packet, spec, protocol, payloadLength);
  return packet;
}

function writeIpv4(packet: Uint8Array, spec: IpSpec, protocol: number, length: number): void {
  const { ttl = 64, trafficClass = 0, id = 0, dontFragment = true } = spec;
  const { moreFragments = false, fragmentOffset = 0, ipChecksum = 'right' } = spec;
  const fields = {
    source: spec.source.bytes,
    destination: spec.destination.bytes,
    protocol,
    ttl,
    trafficClass,
    id,
    dontFragment,
    moreFragments,
    fragmentOffset,
  };
  writeIpv4Header(packet, 0, fields, length);
  const right = readU16(packet, IPV4.checksum);
  writeU16(packet, IPV4.checksum, chooseChecksum(ipChecksum, right));
}

function writeIpv6(packet: Uint8Array, spec: IpSpec, protocol: number, length: number): void {
  const { ttl = 64, trafficClass = 0, flowLabel = 0, id = 0 } = spec;
  const { moreFragments = false, fragmentOffset = 0 } = spec;
  const isFragment = hasFragmentHeader(spec);
  const fields = {
    source: spec.source.bytes,
    destination: spec.destination.bytes,
    protocol: isFragment ? IP_PROTOCOL.fragment : protocol,
    ttl,
    trafficClass,
    flowLabel,
  };
  writeIpv6Header(packet, 0, fields, headerLengthOf(spec) - IPV6.headerLength + length);
  if (isFragment)
    packet.set(buildFragmentHeader(protocol, fragmentOffset, moreFragments, id), IPV6.headerLength);
}

function transportChecksum(packet: Uint8Array, at: number, spec: IpSpec, protocol: number): number {
  const isV4 = spec.source.family === 4;
  const pseudo = pseudoHeaderSum(
    packet,
    isV4 ? IPV4.source : IPV6.source,
    isV4 ? IPV4.destination : IPV6.destination,
    isV4 ? 4 : 16,
    protocol,
    packet.length - at,
  );
  return internetChecksum(packet, at, packet.length, pseudo);
}
