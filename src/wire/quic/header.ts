// Long headers of QUIC version 1 and 2: RFC 9000 section 17.2, RFC 9369 section 3.2. What lies under header protection is not read here.
import { readU32, readU8 } from '../bytes.ts';
import { readVarint, varintLength } from './varint.ts';

export const QUIC_VERSION = { v1: 0x0000_0001, v2: 0x6b33_43cf } as const;

/** Bits of the first byte. */
const LONG_FORM = 0x80;
const FIXED = 0x40;
const VERSION_OFFSET = 1;
const IDS_OFFSET = 5;
const MAX_ID = 20;
/** The sample that header protection is made of is taken four bytes after the start of the packet number (RFC 9001 section 5.4.2). */
const SAMPLE_END = 4 + 16;

export type QuicPacketType = 'initial' | '0-rtt' | 'handshake' | 'retry';
const TYPES_V1 = ['initial', '0-rtt', 'handshake', 'retry'] as const;
const TYPES_V2 = ['retry', 'initial', '0-rtt', 'handshake'] as const;

/** Offsets are into the memory that it was read from. */
export interface QuicLongHeader {
  readonly type: QuicPacketType;
  readonly version: number;
  readonly destinationId: Uint8Array;
  readonly sourceId: Uint8Array;
  /** Of an Initial; empty in others. */
  readonly token: Uint8Array;
  /** Where the protected packet number begins, and where the packet ends and a coalesced one may begin. */
  readonly packetNumberStart: number;
  readonly end: number;
}

/** Whether the datagram may be one of QUIC version 1 or 2 that begins with a long header: cheap, for all else is much more common. */
export const startsLikeQuic = (memory: Uint8Array, start: number, end: number): boolean =>
  end - start > IDS_OFFSET &&
  (readU8(memory, start) & (LONG_FORM | FIXED)) === (LONG_FORM | FIXED) &&
  isKnownVersion(readU32(memory, start + VERSION_OFFSET));

/** Reads the header at `start`; null for other versions, other forms, and where a length does not fit. */
export function readLongHeader(
  memory: Uint8Array,
  start: number,
  end: number,
): QuicLongHeader | null {
  if (!startsLikeQuic(memory, start, end)) return null;
  const version = readU32(memory, start + VERSION_OFFSET);
  const types = version === QUIC_VERSION.v1 ? TYPES_V1 : TYPES_V2;
  const type = types[(readU8(memory, start) >>> 4) & 3] ?? 'retry';
  const destination = start + IDS_OFFSET + 1;
  const source = destination + readU8(memory, destination - 1) + 1;
  let at = source + readU8(memory, source - 1);
  if (at > end || source - 1 - destination > MAX_ID || at - source > MAX_ID) return null;
  const ids = {
    type,
    version,
    destinationId: memory.subarray(destination, source - 1),
    sourceId: memory.subarray(source, at),
  };
  // A Retry has no length: it is the last of its datagram, and it is the server's (RFC 9000 section 17.2.5).
  if (type === 'retry') return { ...ids, token: EMPTY, packetNumberStart: end, end };
  let token: Uint8Array = EMPTY;
  if (type === 'initial') {
    const tokenStart = at + varintLength(memory, at);
    const tokenEnd = tokenStart + readVarint(memory, at);
    if (tokenEnd > end) return null;
    token = memory.subarray(tokenStart, tokenEnd);
    at = tokenEnd;
  }
  const packetNumberStart = at + varintLength(memory, at);
  const packetEnd = packetNumberStart + readVarint(memory, at);
  if (packetEnd > end || packetEnd - packetNumberStart < SAMPLE_END) return null;
  return { ...ids, token, packetNumberStart, end: packetEnd };
}

const EMPTY: Uint8Array = new Uint8Array(0);
const isKnownVersion = (version: number): boolean =>
  version === QUIC_VERSION.v1 || version === QUIC_VERSION.v2;
