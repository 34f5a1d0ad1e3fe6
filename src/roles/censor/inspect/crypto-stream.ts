// The handshake bytes of one side of a QUIC connection, put together from CRYPTO frames (RFC 9000 section 19.6). Bounded: a stream that
// would need more is given up.
import type { CensorReassembly } from '../../../model/censor.ts';
import type { CryptoFrame } from '../../../wire/quic/frames.ts';

/** Pieces with gaps between them; clients that shuffle make a few dozen. */
const MAX_PIECES = 256;

interface Piece {
  readonly start: number;
  readonly end: number;
}

export class CryptoStream {
  readonly #overlap: CensorReassembly['overlap'];
  readonly #limit: number;
  #memory = new Uint8Array(0);
  /** What has come: sorted, and with a gap between each two. */
  #pieces: readonly Piece[] = [];

  constructor({ overlap, buffer }: Pick<CensorReassembly, 'overlap' | 'buffer'>) {
    this.#overlap = overlap;
    this.#limit = buffer;
  }

  /** All up to the first gap. */
  get inOrder(): Uint8Array {
    const first = this.#pieces[0];
    return this.#memory.subarray(0, first?.start === 0 ? first.end : 0);
  }

  /** Takes a frame's data. False when it held nothing new, or is beyond the limits. */
  add({ offset, data }: CryptoFrame): boolean {
    const end = offset + data.length;
    if (data.length === 0 || end > this.#limit) return false;
    const gaps = this.#gapsWithin(offset, end);
    if (gaps.length === 0 && this.#overlap === 'first') return false;
    if (this.#pieces.length >= MAX_PIECES) return false;
    this.#grow(end);
    for (const gap of this.#overlap === 'last' ? [{ start: offset, end }] : gaps)
      this.#memory.set(data.subarray(gap.start - offset, gap.end - offset), gap.start);
    this.#join(offset, end);
    return gaps.length > 0;
  }

  #gapsWithin(start: number, end: number): readonly Piece[] {
    const gaps: Piece[] = [];
    let from = start;
    for (const piece of this.#pieces) {
      if (piece.start >= end) break;
      if (piece.start > from) gaps.push({ start: from, end: piece.start });
      from = Math.max(from, piece.end);
    }
    if (from < end) gaps.push({ start: from, end });
    return gaps;
  }

  #join(start: number, end: number): void {
    const touches = (piece: Piece): boolean => piece.end >= start && piece.start <= end;
    const joined = this.#pieces.filter(touches);
    const whole = {
      start: Math.min(start, ...joined.map((piece) => piece.start)),
      end: Math.max(end, ...joined.map((piece) => piece.end)),
    };
    const apart = this.#pieces.filter((piece) => !touches(piece));
    this.#pieces = [...apart, whole].sort((one, other) => one.start - other.start);
  }

  #grow(length: number): void {
    if (length <= this.#memory.length) return;
    const grown = new Uint8Array(Math.min(this.#limit, Math.max(2048, length * 2)));
    grown.set(this.#memory);
    this.#memory = grown;
  }
}
