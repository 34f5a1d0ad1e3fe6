// Whether the checksums of a packet are right: asked for only where it matters, as it reads every byte.
import { foldChecksum, internetChecksum, pseudoHeaderSum, sumWords } from './checksum.ts';
import { IP_PROTOCOL } from './ip-protocol.ts';
import { UDP } from './udp.ts';
import { ipv4HeaderLength } from './ipv4.ts';
import { readU16 } from './bytes.ts';

/** `absent`: UDP over IPv4 without one, and IPv6 headers. `unknown`: not all of the summed bytes are here. */
export type ChecksumState = 'valid' | 'invalid' | 'absent' | 'unknown';

/** What of a loaded packet the sums run over. */
export interface SummedPacket {
  readonly memory: Uint8Array;
  readonly start: number;
  readonly version: 4 | 6;
  readonly protocol: number;
  readonly addressLength: number;
  readonly sourceOffset: number;
  readonly destinationOffset: number;
  readonly isFragment: boolean;
  readonly hasTransport: boolean;
  readonly transportStart: number;
  readonly payloadStart: number;
  readonly payloadEnd: number;
  readonly payloadLength: number;
}

export function verifyIpChecksum(view: SummedPacket): ChecksumState {
  if (view.version === 6) return 'absent';
  const end = view.start + ipv4HeaderLength(view.memory, view.start);
  return internetChecksum(view.memory, view.start, end) === 0 ? 'valid' : 'invalid';
}

/** Of TCP, UDP, ICMP and ICMPv6. */
export function verifyTransportChecksum(view: SummedPacket): ChecksumState {
  if (!view.hasTransport || view.isFragment) return 'unknown';
  if (view.payloadEnd - view.payloadStart < view.payloadLength) return 'unknown';
  const { memory, transportStart, payloadEnd } = view;
  const mayLack = view.version === 4 && view.protocol === IP_PROTOCOL.udp;
  if (mayLack && readU16(memory, transportStart + UDP.checksum) === 0) return 'absent';
  const sum = sumWords(memory, transportStart, payloadEnd, pseudoSum(view));
  return foldChecksum(sum) === 0 ? 'valid' : 'invalid';
}

/** ICMP alone sums no pseudo header (RFC 792). */
function pseudoSum(view: SummedPacket): number {
  if (view.protocol === IP_PROTOCOL.icmp) return 0;
  return pseudoHeaderSum(
    view.memory,
    view.sourceOffset,
    view.destinationOffset,
    view.addressLength,
    view.protocol,
    view.payloadEnd - view.transportStart,
  );
}
