// What an interface left undone in a frame (struct virtio_net_hdr, linux/virtio_net.h): its checksum, its segmentation. Only
// networks with `offload: true` have such frames. Fields are in the machine's order, little-endian.
import { internetChecksum } from '../../wire/checksum.ts';
import { readU16, writeU16 } from '../../wire/bytes.ts';
import { OFFLOAD_HEADER_LENGTH } from '../../kernel/packet-ring.ts';

const FIELD = {
  flags: 0,
  gsoType: 1,
  headerLength: 2,
  gsoSize: 4,
  checksumStart: 6,
  checksumOffset: 8,
};
const NEEDS_CHECKSUM = 1;
const CHECKSUM_VALID = 2;
const ETHERNET_HEADER = 14;

/** The longest IP packet that the frame at `start` becomes on the wire: its own, or one segment of it. */
export function wirePacketLength(memory: Uint8Array, start: number, end: number): number {
  const header = start - OFFLOAD_HEADER_LENGTH;
  if ((memory[header + FIELD.gsoType] ?? 0) === 0) return end - start - ETHERNET_HEADER;
  const headers = little16(memory, header + FIELD.headerLength) - ETHERNET_HEADER;
  return headers + little16(memory, header + FIELD.gsoSize);
}

/** Whether the frame's checksum was left to the hardware. */
export const needsChecksum = (memory: Uint8Array, start: number): boolean =>
  ((memory[start - OFFLOAD_HEADER_LENGTH + FIELD.flags] ?? 0) & NEEDS_CHECKSUM) !== 0;

/** Whether nobody has looked at the frame's checksum yet, so that it says whether the frame is as it was sent. */
export const bearsOwnChecksum = (memory: Uint8Array, start: number): boolean => {
  const header = start - OFFLOAD_HEADER_LENGTH;
  const isLooked = ((memory[header + FIELD.flags] ?? 0) & (NEEDS_CHECKSUM | CHECKSUM_VALID)) !== 0;
  return !isLooked && (memory[header + FIELD.gsoType] ?? 0) === 0;
};

/** Fills in a checksum left to the hardware, so that whoever reads or changes the frame finds it right. */
export function finishChecksum(memory: Uint8Array, start: number, end: number): void {
  const header = start - OFFLOAD_HEADER_LENGTH;
  const flags = memory[header + FIELD.flags] ?? 0;
  // A frame still to be segmented has no one checksum: its segments get theirs.
  if ((flags & NEEDS_CHECKSUM) === 0 || (memory[header + FIELD.gsoType] ?? 0) !== 0) return;
  const from = start + little16(memory, header + FIELD.checksumStart);
  const field = from + little16(memory, header + FIELD.checksumOffset);
  if (field + 2 > end) return;
  const checksum = internetChecksum(memory, from, end);
  // Zero would mean "no checksum" in UDP (RFC 768); the sum's other zero is the same to TCP.
  writeU16(memory, field, checksum === 0 ? 0xffff : checksum);
  memory[header + FIELD.flags] = flags & ~NEEDS_CHECKSUM;
}

const little16 = (memory: Uint8Array, at: number): number => {
  const word = readU16(memory, at);
  return (word >>> 8) | ((word & 0xff) << 8);
};
