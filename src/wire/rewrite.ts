// Packets as captured, with other addresses and ports: what packet-level replay sends. Checksums are moved by as much as the bytes
// they cover (RFC 1624), so that a wrong one stays wrong, one in a first fragment still covers the fragments that follow, and a
// packet that the capture cut is no obstacle.
import type { IpAddress } from '../base/addresses.ts';
import { invariant } from '../base/invariant.ts';
import { readU16, writeU16 } from './bytes.ts';
import { internetChecksum, pseudoHeaderSum, updateChecksum } from './checksum.ts';
import { ICMP } from './icmp.ts';
import { IP_PROTOCOL } from './ip-protocol.ts';
import { IPV4 } from './ipv4.ts';
import type { PacketView } from './packet.ts';
import { TCP } from './tcp.ts';
import { UDP, udpChecksumField } from './udp.ts';

/** What a packet is to have instead; ports are for TCP and UDP. Addresses are of the packet's family. */
export interface NewEnds {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
}

/**
 * Changes the packet that `view` has loaded, in its memory, and leaves `view` to be loaded again. What an ICMP error quotes stays.
 * The checksum of a TCP header that its first fragment does not hold whole (RFC 1858) cannot be moved: false.
 */
export function rewritePacket(view: PacketView, ends: NewEnds): boolean {
  invariant(ends.source.family === view.version, 'a packet keeps its family');
  const checksum = checksumOffset(view);
  setAddress(view, view.sourceOffset, ends.source.bytes, checksum);
  setAddress(view, view.destinationOffset, ends.destination.bytes, checksum);
  if (view.isTcp || view.isUdp) {
    setPort(view, TCP.sourcePort, ends.sourcePort, checksum);
    setPort(view, TCP.destinationPort, ends.destinationPort, checksum);
  }
  return checksum !== null || view.hasTransport || view.fragmentOffset > 0 || !isSummed(view);
}

/** Sets right checksums in the whole packet that `view` has loaded, as captures from behind offload lack them. Fragments: IP alone. */
export function repairChecksums(view: PacketView): void {
  const { memory, start, transportStart, payloadEnd } = view;
  if (view.version === 4) {
    writeU16(memory, start + IPV4.checksum, 0);
    const end = Math.min(view.end, transportStart);
    writeU16(memory, start + IPV4.checksum, internetChecksum(memory, start, end));
  }
  const at = checksumOffset(view);
  const isWhole = payloadEnd - view.payloadStart === view.payloadLength;
  if (at === null || view.isFragment || !isWhole) return;
  writeU16(memory, at, 0);
  const pseudo = pseudoHeaderSum(
    memory,
    view.sourceOffset,
    view.destinationOffset,
    view.addressLength,
    view.protocol,
    payloadEnd - transportStart,
  );
  const sum = internetChecksum(memory, transportStart, payloadEnd, pseudo);
  writeU16(memory, at, view.isUdp ? udpChecksumField(sum) : sum);
}

/** Where the checksum lies that covers the addresses, or null when none is here. */
function checksumOffset(view: PacketView): number | null {
  if (!view.hasTransport) return null;
  const { transportStart, memory } = view;
  switch (view.protocol) {
    case IP_PROTOCOL.tcp:
      return transportStart + TCP.checksum;
    case IP_PROTOCOL.udp: {
      const at = transportStart + UDP.checksum;
      return view.version === 4 && readU16(memory, at) === 0 ? null : at;
    }
    case IP_PROTOCOL.icmpv6:
      return transportStart + ICMP.checksum;
    default:
      return null;
  }
}

const isSummed = ({ protocol }: PacketView): boolean =>
  protocol === IP_PROTOCOL.tcp || protocol === IP_PROTOCOL.udp || protocol === IP_PROTOCOL.icmpv6;

function setAddress(
  view: PacketView,
  at: number,
  bytes: Uint8Array,
  checksum: number | null,
): void {
  for (let index = 0; index < bytes.length; index += 2) {
    const word = readU16(bytes, index);
    if (view.version === 4) moveChecksum(view, view.start + IPV4.checksum, at + index, word);
    if (checksum !== null) moveChecksum(view, checksum, at + index, word);
    writeU16(view.memory, at + index, word);
  }
}

function setPort(
  view: PacketView,
  field: number,
  port: number | undefined,
  checksum: number | null,
): void {
  if (port === undefined) return;
  const at = view.transportStart + field;
  if (checksum !== null) moveChecksum(view, checksum, at, port);
  writeU16(view.memory, at, port);
}

/** Moves a checksum by the difference between the word at `at` and the one that will be there. */
function moveChecksum(view: PacketView, checksumAt: number, at: number, word: number): void {
  const { memory } = view;
  const moved = updateChecksum(readU16(memory, checksumAt), readU16(memory, at), word);
  const isUdp = view.isUdp && checksumAt === view.transportStart + UDP.checksum;
  writeU16(memory, checksumAt, isUdp ? udpChecksumField(moved) : moved);
}
