// Unsigned numbers of any number of bits within bytes, most significant bit first.
import { readU16, readU24, readU32, readU8 } from '../bytes.ts';

/** Where a number lies: bytes that hold a bit of it, bits before it in the first of them, and its own. */
export interface BitPlace {
  readonly bit: number;
  readonly bits: number;
  readonly little: boolean;
}

/** Bytes that a number touches. */
export const bytesOf = (bit: number, bits: number): number => (bit + bits + 7) >>> 3;

/** A number, or a bigint for more than 53 bits. */
export function readBits(memory: Uint8Array, at: number, place: BitPlace): number | bigint {
  if (place.bits > 53) return readWide(memory, at, place);
  return readNumber(memory, at, place);
}

/** Of at most 53 bits; of more, what a number can hold of it. */
export function readNumber(memory: Uint8Array, at: number, place: BitPlace): number {
  const { bit, bits, little } = place;
  if (bit === 0 && !little) {
    if (bits === 8) return readU8(memory, at);
    if (bits === 16) return readU16(memory, at);
    if (bits === 32) return readU32(memory, at);
    if (bits === 24) return readU24(memory, at);
    if (bits === 48) return readU16(memory, at) * 0x1_0000_0000 + readU32(memory, at + 2);
  }
  if (bit + bits <= 32 && !little) return readNarrow(memory, at, bit, bits);
  return Number(readWide(memory, at, place));
}

/** Puts a number where it lies and leaves the bits around it as they are; what does not fit is cut off. */
export function writeBits(
  memory: Uint8Array,
  at: number,
  place: BitPlace,
  value: number | bigint,
): void {
  const { bit, bits, little } = place;
  const bytes = bytesOf(bit, bits);
  if (bytes === 1) {
    const shift = 8 - bit - bits;
    const ones = ((1 << bits) - 1) << shift;
    memory[at] = (readU8(memory, at) & ~ones) | ((Number(value) << shift) & ones);
    return;
  }
  if (bit === 0 && bits <= 32 && bits % 8 === 0 && !little && typeof value === 'number') {
    for (let index = bytes - 1, rest = value; index >= 0; index -= 1, rest >>>= 8)
      memory[at + index] = rest;
    return;
  }
  const below = BigInt(bytes * 8 - bit - bits);
  const mask = ((1n << BigInt(bits)) - 1n) << below;
  const whole = ((BigInt(value) << below) & mask) | (gather(memory, at, bytes, little) & ~mask);
  for (let index = bytes - 1, rest = whole; index >= 0; index -= 1, rest >>= 8n)
    memory[little ? at + bytes - 1 - index : at + index] = Number(rest & 0xffn);
}

function readNarrow(memory: Uint8Array, at: number, bit: number, bits: number): number {
  const bytes = bytesOf(bit, bits);
  if (bytes === 1) return (readU8(memory, at) >>> (8 - bit - bits)) & ((1 << bits) - 1);
  let value = 0;
  for (let index = 0; index < bytes; index += 1) value = value * 256 + readU8(memory, at + index);
  return Math.floor(value / 2 ** (bytes * 8 - bit - bits)) % 2 ** bits;
}

function readWide(memory: Uint8Array, at: number, { bit, bits, little }: BitPlace): bigint {
  const bytes = bytesOf(bit, bits);
  const whole = gather(memory, at, bytes, little);
  return BigInt.asUintN(bits, whole >> BigInt(bytes * 8 - bit - bits));
}

function gather(memory: Uint8Array, at: number, bytes: number, little: boolean): bigint {
  let high = 0;
  let low = 0;
  // Up to nine bytes: the first five and the last four as numbers, which is cheaper than bigints byte by byte.
  const split = Math.max(0, bytes - 4);
  for (let index = 0; index < split; index += 1)
    high = high * 256 + readU8(memory, little ? at + bytes - 1 - index : at + index);
  for (let index = split; index < bytes; index += 1)
    low = low * 256 + readU8(memory, little ? at + bytes - 1 - index : at + index);
  return (BigInt(high) << 32n) | BigInt(low);
}
