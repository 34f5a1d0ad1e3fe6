// Numbers of variable length: RFC 9000 section 16. Callers check the bounds: a number must lie before the end of what they read.
import { readU16, readU32, readU8 } from '../bytes.ts';

/** Bytes that the number at `at` takes: 1, 2, 4 or 8. */
export const varintLength = (memory: Uint8Array, at: number): number =>
  1 << (readU8(memory, at) >>> 6);

/** Its value, up to 2^62 - 1: exact below 2^53, and no length or offset that fits in a datagram is above. */
export function readVarint(memory: Uint8Array, at: number): number {
  switch (readU8(memory, at) >>> 6) {
    case 0:
      return readU8(memory, at);
    case 1:
      return readU16(memory, at) & 0x3fff;
    case 2:
      return readU32(memory, at) & 0x3fff_ffff;
    default:
      return (readU32(memory, at) & 0x3fff_ffff) * 2 ** 32 + readU32(memory, at + 4);
  }
}
