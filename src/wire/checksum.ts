// The Internet checksum (RFC 1071), its pseudo headers (RFC 9293 section 3.1, RFC 8200 section 8.1) and its update in place (RFC 1624).
import { readU16, readU8 } from './bytes.ts';

/** Adds the 16-bit words of a range to a running sum; an odd last byte counts as a high byte. Not folded yet. */
export function sumWords(memory: Uint8Array, start: number, end: number, sum = 0): number {
  let total = sum;
  let at = start;
  for (; at + 1 < end; at += 2) total += readU16(memory, at);
  if (at < end) total += readU8(memory, at) << 8;
  return total;
}

/** Folds a running sum into 16 bits and complements it: the value of a checksum field. */
export function foldChecksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = Math.floor(folded / 0x1_0000) + (folded & 0xffff);
  return ~folded & 0xffff;
}

/** The checksum of a range, on top of `sum` (a pseudo header's). Over data that holds its right checksum it is 0. */
export const internetChecksum = (memory: Uint8Array, start: number, end: number, sum = 0): number =>
  foldChecksum(sumWords(memory, start, end, sum));

/** The running sum of a pseudo header. Addresses lie in `memory`, 4 or 16 bytes each; `length` is that of header and payload. */
export function pseudoHeaderSum(
  memory: Uint8Array,
  sourceOffset: number,
  destinationOffset: number,
  addressLength: number,
  protocol: number,
  length: number,
): number {
  const sum = sumWords(memory, sourceOffset, sourceOffset + addressLength);
  const both = sumWords(memory, destinationOffset, destinationOffset + addressLength, sum);
  return both + protocol + (length >>> 16) + (length & 0xffff);
}

/** The checksum after one 16-bit word changed: HC' = ~(~HC + ~m + m') (RFC 1624 equation 3). */
export const updateChecksum = (checksum: number, oldWord: number, newWord: number): number =>
  foldChecksum((~checksum & 0xffff) + (~oldWord & 0xffff) + newWord);

/** `wrong` is never what a receiver takes for right, nor 0, which UDP takes for none; a number is written as it is. */
export type ChecksumChoice = 'right' | 'wrong' | number;

/** What to write where `right` would be right. */
export function chooseChecksum(choice: ChecksumChoice, right: number): number {
  if (choice === 'right') return right;
  // 0x0000 and 0xffff are the same number in ones' complement, so the next one skips both.
  return choice === 'wrong' ? wrongChecksum(right) : choice;
}

const wrongChecksum = (right: number): number => (right >= 0xfffe ? 1 : right + 1);
