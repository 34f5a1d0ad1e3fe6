// TCP headers: RFC 9293 section 3.1. Sequence numbers are compared modulo 2^32 (section 3.4).
import { readU16, readU8, writeU16, writeU32 } from './bytes.ts';

/** Field offsets from the start of the header, in bytes. */
export const TCP = {
  sourcePort: 0,
  destinationPort: 2,
  sequence: 4,
  acknowledgment: 8,
  dataOffset: 12,
  flags: 13,
  window: 14,
  checksum: 16,
  urgentPointer: 18,
  headerLength: 20,
} as const;

export const TCP_FLAG = {
  FIN: 0x01,
  SYN: 0x02,
  RST: 0x04,
  PSH: 0x08,
  ACK: 0x10,
  URG: 0x20,
  ECE: 0x40,
  CWR: 0x80,
} as const;

const FLAG_BITS: ReadonlyMap<string, number> = new Map(Object.entries(TCP_FLAG));

/** The bit of a flag by its name (`SYN`), or undefined for a word that names none. */
export const tcpFlagBit = (name: string): number | undefined => FLAG_BITS.get(name);

/** Scenario words: `SYN+ACK`, in bit order; `none` for no flag. */
export function formatTcpFlags(flags: number): string {
  const names = [...FLAG_BITS].filter(([, bit]) => (flags & bit) !== 0).map(([name]) => name);
  return names.length === 0 ? 'none' : names.join('+');
}

export const tcpHeaderLength = (memory: Uint8Array, start: number): number =>
  (readU8(memory, start + TCP.dataOffset) >>> 4) * 4;

/** What is wrong with the header at `start`, or null. */
export function tcpFault(memory: Uint8Array, start: number, end: number): string | null {
  if (end - start < TCP.headerLength) return 'TCP segment is shorter than its 20-byte header';
  const headerLength = tcpHeaderLength(memory, start);
  if (headerLength < TCP.headerLength) return 'TCP data offset is below 5 words';
  if (end - start < headerLength) return 'TCP segment ends within its options';
  return null;
}

/** How far `left` lies after `right` on the circle of sequence numbers: negative when before. */
export const sequenceDistance = (left: number, right: number): number => (left - right) | 0;

export const addSequence = (sequence: number, length: number): number => (sequence + length) >>> 0;

export interface TcpFields {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgment: number;
  readonly flags: number;
  readonly window: number;
  readonly urgentPointer: number;
  /** In 32-bit words, written as it is; the right one unless given. */
  readonly dataOffset?: number | undefined;
  /** The four bits between data offset and flags; 0 unless given. */
  readonly reserved?: number | undefined;
  /** Padded with End of Option List to a multiple of 4 when written; 40 bytes at most. */
  readonly options: Uint8Array;
}

/** Header and options, in bytes. */
export const tcpLengthWith = (options: Uint8Array): number =>
  TCP.headerLength + Math.ceil(options.length / 4) * 4;

/** Writes header and options with a zero checksum, which whoever knows the addresses fills in. */
export function writeTcpHeader(out: Uint8Array, start: number, fields: TcpFields): void {
  writeU16(out, start + TCP.sourcePort, fields.sourcePort);
  writeU16(out, start + TCP.destinationPort, fields.destinationPort);
  writeU32(out, start + TCP.sequence, fields.sequence);
  writeU32(out, start + TCP.acknowledgment, fields.acknowledgment);
  const { dataOffset = tcpLengthWith(fields.options) / 4, reserved = 0 } = fields;
  out[start + TCP.dataOffset] = (dataOffset << 4) | (reserved & 0x0f);
  out[start + TCP.flags] = fields.flags;
  writeU16(out, start + TCP.window, fields.window);
  writeU16(out, start + TCP.checksum, 0);
  writeU16(out, start + TCP.urgentPointer, fields.urgentPointer);
  out.set(fields.options, start + TCP.headerLength);
}

/** One TCP option as it lies in the header. */
export interface TcpOption {
  /** 2 maximum segment size, 3 window scale, 4 SACK permitted, 5 SACK, 8 timestamps, 19 MD5 (IANA). */
  readonly kind: number;
  readonly data: Uint8Array;
}

/** Options in order, without padding; stops at the first that is malformed. */
export function parseTcpOptions(options: Uint8Array): readonly TcpOption[] {
  const found: TcpOption[] = [];
  let at = 0;
  while (at < options.length) {
    const kind = readU8(options, at);
    if (kind === 0) break;
    if (kind === 1) {
      at += 1;
      continue;
    }
    const length = readU8(options, at + 1);
    if (length < 2 || at + length > options.length) break;
    found.push({ kind, data: options.subarray(at + 2, at + length) });
    at += length;
  }
  return found;
}

/** Where the first option of a kind begins in the options that lie in the range, or -1. Allocates nothing. */
export function findTcpOption(
  memory: Uint8Array,
  start: number,
  end: number,
  kind: number,
): number {
  for (let at = start; at < end;) {
    const here = readU8(memory, at);
    if (here === 0) return -1;
    const length = here === 1 ? 1 : readU8(memory, at + 1);
    if (here !== 1 && (length < 2 || at + length > end)) return -1;
    if (here === kind) return at;
    at += length;
  }
  return -1;
}

export const maximumSegmentSizeOption = (size: number): Uint8Array =>
  Uint8Array.of(2, 4, size >>> 8, size & 0xff);

/** The value of the maximum segment size option of a SYN whose options lie in the range, or null. */
export function readMaximumSegmentSize(
  memory: Uint8Array,
  start: number,
  end: number,
): number | null {
  const at = findTcpOption(memory, start, end, 2);
  return at < 0 || readU8(memory, at + 1) !== 4 ? null : readU16(memory, at + 2);
}
