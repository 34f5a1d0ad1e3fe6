// ICMP errors about a TCP or UDP packet, which they quote (RFC 792, RFC 4443 section 3).
import { formatIp } from '../base/addresses.ts';
import type { FiveTuple } from '../model/observation.ts';
import { readU16, readU32, readU8 } from '../wire/bytes.ts';
import { ICMP, ICMPV6_TYPE, ICMP_TYPE } from '../wire/icmp.ts';
import { IP_PROTOCOL } from '../wire/ip-protocol.ts';
import { IPV4, ipv4HeaderLength } from '../wire/ipv4.ts';
import { IPV6 } from '../wire/ipv6.ts';
import type { PacketView } from '../wire/packet.ts';

export interface IcmpNotice {
  readonly frame: number;
  /** Microseconds since the epoch. */
  readonly time: number;
  /** Who says so. */
  readonly source: string;
  /** `port`: nobody listens there. `host`: no way there, or not allowed. `size`: too big for the next link. */
  readonly about: 'port' | 'host' | 'size';
  /** About `size`: bytes of an IP packet that the next link carries (RFC 1191, RFC 4443 section 3.2); 0 where it does not say. */
  readonly mtu: number;
  /** Addresses and ports of the packet that it quotes. */
  readonly quoted: QuotedPacket;
}

export interface QuotedPacket extends FiveTuple {
  /** Bytes of the whole IP packet. */
  readonly size: number;
  /** Its IPv4 identification; 0 for IPv6. */
  readonly ipId: number;
  /** Its TCP sequence number; 0 for UDP. */
  readonly sequence: number;
}

const PORT_UNREACHABLE = 3;
const FRAGMENTATION_NEEDED = 4;
/** Where both protocols keep the MTU of the next link: 16 bits of it, and 32 bits. */
const MTU_V4 = 6;
const MTU_V6 = 4;
const PORT_UNREACHABLE_V6 = 4;
/** RFC 792: at least the first 8 bytes of the transport header are quoted. */
const QUOTED_LENGTH = 8;

/** The error that the loaded packet is, or null. */
export function readIcmpNotice(view: PacketView, frame: number, time: number): IcmpNotice | null {
  if (!view.hasTransport) return null;
  const isV4 = view.protocol === IP_PROTOCOL.icmp && view.icmpType === ICMP_TYPE.unreachable;
  const isV6Error = view.protocol === IP_PROTOCOL.icmpv6;
  const isV6 = isV6Error && view.icmpType === ICMPV6_TYPE.unreachable;
  const isTooBig = isV4
    ? view.icmpCode === FRAGMENTATION_NEEDED
    : isV6Error && view.icmpType === ICMPV6_TYPE.tooBig;
  if (!isV4 && !isV6 && !isTooBig) return null;
  const quoted = readQuoted(view.memory, view.transportStart + ICMP.headerLength, view.payloadEnd);
  if (!quoted) return null;
  const common = { frame, time, source: view.sourceText, quoted };
  if (isTooBig) return { ...common, about: 'size', mtu: readMtu(view, isV4) };
  const port = isV4 ? PORT_UNREACHABLE : PORT_UNREACHABLE_V6;
  const about = view.icmpCode === port ? 'port' : 'host';
  return { ...common, about, mtu: 0 };
}

const readMtu = ({ memory, transportStart }: PacketView, isV4: boolean): number =>
  isV4 ? readU16(memory, transportStart + MTU_V4) : readU32(memory, transportStart + MTU_V6);

function readQuoted(memory: Uint8Array, at: number, end: number): QuotedPacket | null {
  const isV4 = readU8(memory, at) >>> 4 === 4;
  const headerLength = isV4 ? ipv4HeaderLength(memory, at) : IPV6.headerLength;
  const ports = at + headerLength;
  if (ports + QUOTED_LENGTH > end) return null;
  const protocol = readU8(memory, at + (isV4 ? IPV4.protocol : IPV6.nextHeader));
  if (protocol !== IP_PROTOCOL.tcp && protocol !== IP_PROTOCOL.udp) return null;
  const address = (offset: number): string =>
    formatIp({
      family: isV4 ? 4 : 6,
      bytes: memory.slice(at + offset, at + offset + (isV4 ? 4 : 16)),
    });
  return {
    protocol: protocol === IP_PROTOCOL.tcp ? 'tcp' : 'udp',
    source: address(isV4 ? IPV4.source : IPV6.source),
    sourcePort: readU16(memory, ports),
    destination: address(isV4 ? IPV4.destination : IPV6.destination),
    destinationPort: readU16(memory, ports + 2),
    size: isV4
      ? readU16(memory, at + IPV4.totalLength)
      : IPV6.headerLength + readU16(memory, at + IPV6.payloadLength),
    ipId: isV4 ? readU16(memory, at + IPV4.id) : 0,
    sequence: protocol === IP_PROTOCOL.tcp ? readU32(memory, ports + 4) : 0,
  };
}
