// A ClientHello cut as asked: over TLS records, which leaves the handshake as it is (RFC 8446 section 5.1), and over TCP segments.
import { concatBytes, readU16, writeU16 } from '../wire/bytes.ts';
import { TLS_RECORD_HEADER_LENGTH } from '../wire/tls.ts';

/** The first record of `stream`, cut into records of `sizes` bytes and a last one of the rest; what follows it stays as it is. */
export function splitRecord(stream: Uint8Array, sizes: readonly number[]): Uint8Array {
  const end = TLS_RECORD_HEADER_LENGTH + readU16(stream, 3);
  const pieces = cut(stream.subarray(TLS_RECORD_HEADER_LENGTH, end), sizes);
  const records = pieces.flatMap((piece) => {
    const header = Uint8Array.from(stream.subarray(0, TLS_RECORD_HEADER_LENGTH));
    writeU16(header, 3, piece.length);
    return [header, piece];
  });
  return concatBytes(...records, stream.subarray(end));
}

/** Whether the first record is all there. */
export const holdsRecord = (stream: Uint8Array): boolean =>
  stream.length >= TLS_RECORD_HEADER_LENGTH &&
  stream.length >= TLS_RECORD_HEADER_LENGTH + readU16(stream, 3);

/** Pieces of `sizes` bytes and a last one of the rest; sizes beyond the end give none. */
export function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    if (at >= bytes.length) break;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
