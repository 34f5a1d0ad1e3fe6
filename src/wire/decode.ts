// One packet or frame as plain values, for analysis and tests, where clarity matters more than allocation.
import { type Result, fail, ok } from '../base/result.ts';
import { formatMac } from '../base/addresses.ts';
import { IP_PROTOCOL } from './ip-protocol.ts';
import { type IcmpMessage, parseIcmp } from './icmp.ts';
import { PacketView } from './packet.ts';
import { TCP } from './tcp.ts';
import { type ChecksumState, verifyIpChecksum, verifyTransportChecksum } from './verify.ts';
import { parseEthernet, ETHERTYPE } from './ethernet.ts';

export interface DecodedIp {
  readonly version: 4 | 6;
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly ttl: number;
  /** IPv4 identification; 0 for IPv6. */
  readonly id: number;
  readonly trafficClass: number;
  readonly dontFragment: boolean;
  /** Null for a whole datagram; `offset` in bytes. */
  readonly fragment: {
    readonly id: number;
    readonly offset: number;
    readonly more: boolean;
  } | null;
  readonly checksum: ChecksumState;
}

export interface DecodedTcp {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgment: number;
  /** Bits of `TCP_FLAG`. */
  readonly flags: number;
  readonly window: number;
  readonly options: Uint8Array;
  readonly checksum: ChecksumState;
}

export interface DecodedUdp {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly checksum: ChecksumState;
}

/** At most one of `tcp`, `udp` and `icmp` is there; none for other protocols and later fragments. */
export interface DecodedPacket {
  readonly ip: DecodedIp;
  readonly tcp: DecodedTcp | null;
  readonly udp: DecodedUdp | null;
  readonly icmp: IcmpMessage | null;
  /** A view of what follows the last header that was read. */
  readonly payload: Uint8Array;
  /** Bytes of payload on the wire: more than `payload.length` when the capture cut the packet. */
  readonly payloadLength: number;
}

export interface DecodedFrame {
  /** `02:00:00:00:00:01`. */
  readonly sourceMac: string;
  readonly destinationMac: string;
  readonly etherType: number;
  readonly vlans: readonly number[];
  /** Null when the frame carries no IP, such as ARP. */
  readonly packet: DecodedPacket | null;
}

/** Decodes an Ethernet frame. `wireLength` is the frame's length before the capture cut it. */
export function decodeFrame(
  frame: Uint8Array,
  wireLength: number = frame.length,
): Result<DecodedFrame, string> {
  const ethernet = parseEthernet(frame);
  if (!ethernet.ok) return ethernet;
  const { source, destination, etherType, vlans, payload } = ethernet.value;
  const head = {
    sourceMac: formatMac(source),
    destinationMac: formatMac(destination),
    etherType,
    vlans,
  };
  if (etherType !== ETHERTYPE.ipv4 && etherType !== ETHERTYPE.ipv6)
    return ok({ ...head, packet: null });
  const packet = decodePacket(payload, wireLength - (frame.length - payload.length));
  return packet.ok ? ok({ ...head, packet: packet.value }) : packet;
}

/** Decodes a packet that starts with its IP header. */
export function decodePacket(
  bytes: Uint8Array,
  wireLength: number = bytes.length,
): Result<DecodedPacket, string> {
  const view = new PacketView();
  if (!view.load(bytes, 0, bytes.length, wireLength)) return fail(view.fault ?? 'Malformed packet');
  return ok({
    ip: decodeIp(view),
    tcp: view.isTcp ? decodeTcp(view) : null,
    udp: view.isUdp ? decodeUdp(view) : null,
    icmp: decodeIcmp(view),
    payload: view.payload,
    payloadLength: view.payloadLength,
  });
}

function decodeIp(view: PacketView): DecodedIp {
  const { isFragment, fragmentId, fragmentOffset, moreFragments } = view;
  return {
    version: view.version,
    source: view.sourceText,
    destination: view.destinationText,
    protocol: view.protocol,
    ttl: view.ttl,
    id: view.ipId,
    trafficClass: view.trafficClass,
    dontFragment: view.dontFragment,
    fragment: isFragment ? { id: fragmentId, offset: fragmentOffset, more: moreFragments } : null,
    checksum: verifyIpChecksum(view),
  };
}

const decodeTcp = (view: PacketView): DecodedTcp => ({
  sourcePort: view.sourcePort,
  destinationPort: view.destinationPort,
  sequence: view.sequence,
  acknowledgment: view.acknowledgment,
  flags: view.flags,
  window: view.window,
  options: view.memory.subarray(view.transportStart + TCP.headerLength, view.payloadStart),
  checksum: verifyTransportChecksum(view),
});

const decodeUdp = (view: PacketView): DecodedUdp => ({
  sourcePort: view.sourcePort,
  destinationPort: view.destinationPort,
  checksum: verifyTransportChecksum(view),
});

function decodeIcmp(view: PacketView): IcmpMessage | null {
  const isIcmp = view.protocol === IP_PROTOCOL.icmp || view.protocol === IP_PROTOCOL.icmpv6;
  if (!isIcmp || !view.hasTransport) return null;
  const message = parseIcmp(view.memory.subarray(view.transportStart, view.payloadEnd));
  return message.ok ? message.value : null;
}
