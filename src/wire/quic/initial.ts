// Taking the protection off an Initial packet: RFC 9001 sections 5.3 and 5.4, RFC 9000 appendix A.3.
import { readU8 } from '../bytes.ts';
import { encryptBlock, openSealed } from './cipher.ts';
import type { QuicLongHeader } from './header.ts';
import type { InitialKeys } from './initial-keys.ts';

export interface OpenedInitial {
  readonly packetNumber: number;
  /** Its frames. */
  readonly payload: Uint8Array;
}

const SAMPLE_OFFSET = 4;
const SAMPLE_LENGTH = 16;

/** Decrypts the packet at `start`, whose header is given; `largest` is the largest packet number so far, -1 before the first. Null when the keys do not fit. */
export function openInitial(
  memory: Uint8Array,
  start: number,
  header: Pick<QuicLongHeader, 'packetNumberStart' | 'end'>,
  keys: InitialKeys,
  largest: number,
): OpenedInitial | null {
  const { packetNumberStart, end } = header;
  const sampleStart = packetNumberStart + SAMPLE_OFFSET;
  const sample = memory.subarray(sampleStart, sampleStart + SAMPLE_LENGTH);
  const mask = encryptBlock(keys.hp, sample);
  const first = readU8(memory, start) ^ (readU8(mask, 0) & 0x0f);
  const length = (first & 3) + 1;
  const payloadStart = packetNumberStart + length;
  const unprotected = memory.slice(start, payloadStart);
  unprotected[0] = first;
  let truncated = 0;
  for (let index = 0; index < length; index += 1) {
    const byte = readU8(memory, packetNumberStart + index) ^ readU8(mask, 1 + index);
    unprotected[packetNumberStart - start + index] = byte;
    truncated = truncated * 256 + byte;
  }
  const packetNumber = decodePacketNumber(largest, truncated, 8 * length);
  const nonce = nonceOf(keys.iv, packetNumber);
  const payload = openSealed(keys.key, nonce, unprotected, memory.subarray(payloadStart, end));
  return payload === null ? null : { packetNumber, payload };
}

/** The number nearest to the one after `largest` that ends in the `bits` that were sent. */
export function decodePacketNumber(largest: number, truncated: number, bits: number): number {
  const window = 2 ** bits;
  const expected = largest + 1;
  const candidate = expected - (expected % window) + truncated;
  if (candidate <= expected - window / 2 && candidate < 2 ** 62 - window) return candidate + window;
  return candidate > expected + window / 2 && candidate >= window ? candidate - window : candidate;
}

/** The packet number, as wide as the IV, added to it bit by bit. */
function nonceOf(iv: Uint8Array, packetNumber: number): Uint8Array {
  const nonce = Uint8Array.from(iv);
  let rest = packetNumber;
  for (let at = nonce.length - 1; rest > 0; at -= 1) {
    nonce[at] = readU8(nonce, at) ^ (rest % 256);
    rest = Math.floor(rest / 256);
  }
  return nonce;
}
