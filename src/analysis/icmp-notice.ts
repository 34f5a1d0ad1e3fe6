// ICMP errors about a TCP or UDP packet, which they quote (RFC 792, RFC 4443 section 3).
import { formatIp } from '../base/addresses.ts';
import type { FiveTuple } from '../model/observation.ts';
import { readU16, readU8 } from '../wire/bytes.ts';
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
  /** `port`: nobody listens there. `host`: no way there, or not allowed. */
  readonly about: 'port' | 'host';
  /** Addresses and ports of the packet that it quotes. */
  readonly quoted: FiveTuple;
}

const PORT_UNREACHABLE = 3;
const PORT_UNREACHABLE_V6 = 4;
/** RFC 792: at least the first 8 bytes of the transport header are quoted; ports are in the first 4. */
const PORTS_LENGTH = 4;

/** The error that the loaded packet is, or null. */
export function readIcmpNotice(view: PacketView, frame: number, time: number): IcmpNotice | null {
  if (!view.hasTransport) return null;
  const isV4 = view.protocol === IP_PROTOCOL.icmp && view.icmpType === ICMP_TYPE.unreachable;
  const isV6 = view.protocol === IP_PROTOCOL.icmpv6 && view.icmpType === ICMPV6_TYPE.unreachable;
  if (!isV4 && !isV6) return null;
  // Too big for the next link: a packet size that TCP mends by itself.
  if (isV4 && view.icmpCode === 4) return null;
  const quoted = readQuoted(view.memory, view.transportStart + ICMP.headerLength, view.payloadEnd);
  if (!quoted) return null;
  const port = isV4 ? PORT_UNREACHABLE : PORT_UNREACHABLE_V6;
  const about = view.icmpCode === port ? 'port' : 'host';
  return { frame, time, source: view.sourceText, about, quoted };
}

function readQuoted(memory: Uint8Array, at: number, end: number): FiveTuple | null {
  const isV4 = readU8(memory, at) >>> 4 === 4;
  const headerLength = isV4 ? ipv4HeaderLength(memory, at) : IPV6.headerLength;
  const ports = at + headerLength;
  if (ports + PORTS_LENGTH > end) return null;
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
  };
}
