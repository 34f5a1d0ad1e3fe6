// UDP headers: RFC 768.
import { readU16, writeU16 } from './bytes.ts';

/** Field offsets from the start of the header, in bytes. */
export const UDP = {
  sourcePort: 0,
  destinationPort: 2,
  length: 4,
  checksum: 6,
  headerLength: 8,
} as const;

/** What is wrong with the header at `start`, or null. `wireEnd` is where the packet ended before any capture cut it. */
export function udpFault(
  memory: Uint8Array,
  start: number,
  end: number,
  wireEnd: number,
): string | null {
  if (end - start < UDP.headerLength) return 'UDP datagram is shorter than its 8-byte header';
  const length = readU16(memory, start + UDP.length);
  // Zero means "the rest of the packet" in jumbograms (RFC 2675 section 4).
  if (length === 0) return null;
  if (length < UDP.headerLength) return 'UDP length is below 8 bytes';
  if (start + length > wireEnd) return 'UDP length is longer than the packet';
  return null;
}

/** Writes the header with a zero checksum, which whoever knows the addresses fills in. */
export function writeUdpHeader(
  out: Uint8Array,
  start: number,
  sourcePort: number,
  destinationPort: number,
  payloadLength: number,
): void {
  writeU16(out, start + UDP.sourcePort, sourcePort);
  writeU16(out, start + UDP.destinationPort, destinationPort);
  writeU16(out, start + UDP.length, UDP.headerLength + payloadLength);
  writeU16(out, start + UDP.checksum, 0);
}

/** An all-zero transmitted checksum means that there is none, so a sum of zero is sent as all ones (RFC 768). */
export const udpChecksumField = (checksum: number): number => (checksum === 0 ? 0xffff : checksum);
