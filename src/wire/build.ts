// Whole IP packets from meanings, with right lengths and checksums, for both families.
import type { IpAddress } from '../base/addresses.ts';
import { invariant } from '../base/invariant.ts';
import { ICMP, type IcmpMessage, emitIcmp } from './icmp.ts';
import { IPV4, writeIpv4Header } from './ipv4.ts';
import { IPV6, writeIpv6Header } from './ipv6.ts';
import { IP_PROTOCOL } from './ip-protocol.ts';
import { TCP, tcpLengthWith, writeTcpHeader } from './tcp.ts';
import { UDP, udpChecksumField, writeUdpHeader } from './udp.ts';
import { internetChecksum, pseudoHeaderSum } from './checksum.ts';
import { writeU16 } from './bytes.ts';

/** What an IP header needs; both addresses are of one family. */
export interface IpSpec {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** TTL or hop limit; 64 unless given. */
  readonly ttl?: number;
  readonly trafficClass?: number;
  /** IPv4 only: identification (0 unless given) and the flag (set unless given). */
  readonly id?: number;
  readonly dontFragment?: boolean;
  /** IPv4 only; IPv6 fragments carry `buildFragmentHeader` in their payload. */
  readonly moreFragments?: boolean;
  readonly fragmentOffset?: number;
}

export interface TcpSpec extends IpSpec {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgment?: number;
  /** Bits of `TCP_FLAG`. */
  readonly flags: number;
  /** 65535 unless given. */
  readonly window?: number;
  readonly options?: Uint8Array;
  readonly payload?: Uint8Array;
}

export interface UdpSpec extends IpSpec {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
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
    urgentPointer: 0,
    options,
  });
  packet.set(payload, at + tcpLengthWith(options));
  writeU16(packet, at + TCP.checksum, transportChecksum(packet, at, spec, IP_PROTOCOL.tcp));
  return packet;
}

export function buildUdp(spec: UdpSpec): Uint8Array {
  const packet = allocate(spec, IP_PROTOCOL.udp, UDP.headerLength + spec.payload.length);
  const at = headerLengthOf(spec);
  writeUdpHeader(packet, at, spec.sourcePort, spec.destinationPort, spec.payload.length);
  packet.set(spec.payload, at + UDP.headerLength);
  const checksum = transportChecksum(packet, at, spec, IP_PROTOCOL.udp);
  writeU16(packet, at + UDP.checksum, udpChecksumField(checksum));
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

const headerLengthOf = (spec: IpSpec): number =>
  spec.source.family === 4 ? IPV4.headerLength : IPV6.headerLength;

function allocate(spec: IpSpec, protocol: number, payloadLength: number): Uint8Array {
  const { source, destination, ttl = 64, trafficClass = 0 } = spec;
  invariant(source.family === destination.family, 'both addresses of a packet are of one family');
  const packet = new Uint8Array(headerLengthOf(spec) + payloadLength);
  const common = {
    source: source.bytes,
    destination: destination.bytes,
    protocol,
    ttl,
    trafficClass,
  };
  if (source.family === 6) writeIpv6Header(packet, 0, { ...common, flowLabel: 0 }, payloadLength);
  else {
    const { id = 0, dontFragment = true, moreFragments = false, fragmentOffset = 0 } = spec;
    const fields = { ...common, id, dontFragment, moreFragments, fragmentOffset };
    writeIpv4Header(packet, 0, fields, payloadLength);
  }
  return packet;
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
