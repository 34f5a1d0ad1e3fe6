// Frames that an Initial packet may hold: RFC 9000 sections 12.5 and 19.
import { readU8 } from '../bytes.ts';
import { readVarint, varintLength } from './varint.ts';

const FRAME = {
  padding: 0x00,
  ping: 0x01,
  ack: 0x02,
  ackWithEcn: 0x03,
  crypto: 0x06,
  connectionClose: 0x1c,
} as const;

/** A piece of the TLS handshake, `offset` bytes from the start of the side's messages at this encryption level. */
export interface CryptoFrame {
  readonly offset: number;
  readonly data: Uint8Array;
}

/** The CRYPTO frames of an Initial's payload, in order; null when it holds what an Initial must not, or a frame ends outside it. */
export function readCryptoFrames(payload: Uint8Array): readonly CryptoFrame[] | null {
  const frames: CryptoFrame[] = [];
  for (let at = 0; at < payload.length;) {
    const type = readVarint(payload, at);
    at += varintLength(payload, at);
    switch (type) {
      case FRAME.padding:
        while (at < payload.length && readU8(payload, at) === FRAME.padding) at += 1;
        break;
      case FRAME.ping:
        break;
      case FRAME.ack:
      case FRAME.ackWithEcn:
        at = ackEnd(payload, at, type === FRAME.ackWithEcn);
        break;
      case FRAME.crypto: {
        const lengthAt = at + varintLength(payload, at);
        const start = lengthAt + varintLength(payload, lengthAt);
        const end = start + readVarint(payload, lengthAt);
        if (end <= payload.length)
          frames.push({ offset: readVarint(payload, at), data: payload.subarray(start, end) });
        at = end;
        break;
      }
      case FRAME.connectionClose:
        // Whoever sends it says nothing more.
        return frames;
      default:
        return null;
    }
    if (at > payload.length) return null;
  }
  return frames;
}

/** The end of an ACK frame whose largest acknowledged packet number is at `start` (section 19.3). */
function ackEnd(payload: Uint8Array, start: number, hasEcn: boolean): number {
  const countAt = skipNumbers(payload, start, 2);
  const ranges = readVarint(payload, countAt);
  // The first range has one number, each other two; with ECN three counts follow.
  return skipNumbers(payload, countAt, 2 + 2 * ranges + (hasEcn ? 3 : 0));
}

function skipNumbers(payload: Uint8Array, start: number, count: number): number {
  let at = start;
  for (let left = count; left > 0 && at <= payload.length; left -= 1)
    at += varintLength(payload, at);
  return at;
}
