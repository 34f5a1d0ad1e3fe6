// What is to be said to the target, by place from the first byte on, kept until every copy has had it acknowledged. Pieces are as the client
// sent them: one segment never carries bytes of two.
import type { CopyEnding } from '../../model/mirror-record.ts';

export interface Piece {
  readonly start: number;
  readonly end: number;
  /** Null: the capture lost these bytes. */
  readonly bytes: Uint8Array | null;
  /** Bytes of the online server's answers that the client had acknowledged when it said this. */
  readonly answered: number;
  /** Whether it is the first that the client said after an answer: where a request begins, as far as can be told without the protocol. */
  readonly opens: boolean;
  /** How many of these there were, up to this one. */
  readonly turn: number;
}

/** Pieces that are done with may lie in front of the others, up to so many. */
const COMPACT_AT = 1024;

export class Outgoing {
  /** Places of the first byte that is kept, and behind the last. */
  start = 0;
  end = 0;
  /** What the client had acknowledged when it said that this was all; null: it has not. */
  finished: number | null = null;
  /** Why what is here is followed by a reset in place of an end. */
  aborted: CopyEnding | null = null;
  /** Whether anybody will still read; if not, bytes are only counted. */
  isWanted = true;
  #pieces: Piece[] = [];
  #first = 0;
  #answered = 0;
  #turn = 0;

  /** Bytes that are kept. */
  get size(): number {
    return this.end - this.start;
  }

  /** Keeps a copy. */
  append(bytes: Uint8Array, answered: number): void {
    this.#add(bytes.length, this.isWanted ? bytes.slice() : null, answered);
  }

  /** Bytes that the client said and nobody has. */
  appendHole(length: number): void {
    this.#add(length, null, this.#answered);
  }

  finish(answered: number): void {
    this.finished ??= Math.max(this.#answered, answered);
  }

  /** The piece that the byte at `place` is of. */
  at(place: number): Piece | undefined {
    const index = this.#indexAt(place);
    const piece = this.#pieces[index];
    return piece !== undefined && piece.start <= place ? piece : undefined;
  }

  /** Where the first request begins that does so at `place` or behind it, or null. */
  openingFrom(place: number): number | null {
    for (let index = this.#indexAt(place); index < this.#pieces.length; index += 1) {
      const piece = this.#pieces[index];
      if (piece?.opens && piece.start >= place) return piece.start;
    }
    return null;
  }

  /** Forgets what lies before `place`. */
  release(place: number): void {
    this.start = Math.max(this.start, Math.min(place, this.end));
    let first = this.#pieces[this.#first];
    while (first !== undefined && first.end <= this.start) {
      this.#first += 1;
      first = this.#pieces[this.#first];
    }
    if (this.#first < COMPACT_AT && this.#first < this.#pieces.length) return;
    this.#pieces = this.#pieces.slice(this.#first);
    this.#first = 0;
  }

  /** Nobody reads any more: what is kept goes, and what comes is only counted. */
  abandon(): void {
    this.isWanted = false;
    this.release(this.end);
  }

  #add(length: number, bytes: Uint8Array | null, answered: number): void {
    const isTurn = this.end === 0 || answered > this.#answered;
    if (isTurn) this.#turn += 1;
    this.#answered = Math.max(this.#answered, answered);
    const start = this.end;
    this.end += length;
    if (!this.isWanted) {
      this.start = this.end;
      return;
    }
    const opens = isTurn && bytes !== null;
    this.#pieces.push({
      start,
      end: this.end,
      bytes,
      answered: this.#answered,
      opens,
      turn: this.#turn,
    });
  }

  /** Of the first piece that ends behind `place`. */
  #indexAt(place: number): number {
    let low = this.#first;
    let high = this.#pieces.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#pieces[middle]?.end ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
