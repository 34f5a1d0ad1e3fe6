// What one end says: pieces that its seed decides, so that whoever hears them compares each byte with what it must be.
import { type Random, seededRandom } from '../../../../../src/base/random.ts';

export interface Saying {
  readonly seed: number;
  /** Bytes in all, and of a piece at most. */
  readonly bytes: number;
  readonly longest: number;
  /** Whether each piece is a message of OpenFlow. */
  readonly isFramed: boolean;
}

/** Pieces are views of these bytes, each from a place of its own. */
const POOL = seededRandom(7, 'pool').bytes(8 * 2 ** 20);
/** Bytes of a message's header, and of a message at most. */
const HEADER = 8;
const LONGEST_MESSAGE = 65_535;

export class Script {
  readonly #saying: Saying;
  readonly #random: Random;
  #left: number;

  constructor(saying: Saying) {
    this.#saying = saying;
    this.#random = seededRandom(saying.seed, 'script');
    this.#left = saying.bytes;
  }

  /** The parts of the next piece, or null where all has been said. */
  next(): readonly Uint8Array[] | null {
    if (this.#left <= 0) return null;
    const { longest, isFramed } = this.#saying;
    const size = 1 + this.#random.below(Math.min(longest, this.#left));
    const parts = isFramed ? this.#message(size) : [this.#content(size)];
    for (const part of parts) this.#left -= part.length;
    return parts;
  }

  #message(wished: number): readonly Uint8Array[] {
    const size = Math.min(Math.max(wished, HEADER), LONGEST_MESSAGE);
    const header = Buffer.alloc(HEADER);
    header.set([4, this.#random.below(30)]);
    header.writeUInt16BE(size, 2);
    header.writeUInt32BE(this.#random.below(2 ** 32), 4);
    return size === HEADER ? [header] : [header, this.#content(size - HEADER)];
  }

  #content(size: number): Uint8Array {
    const start = this.#random.below(POOL.length - size);
    return POOL.subarray(start, start + size);
  }
}

/** Compares what is heard with what was to be said. */
export class Hearing {
  readonly #script: Script;
  #parts: Uint8Array[] = [];
  /** Bytes that were right. */
  heard = 0;
  /** Pieces that were heard whole. */
  pieces = 0;
  /** What was wrong first; null: nothing. */
  fault: string | null = null;

  constructor(saying: Saying) {
    this.#script = new Script(saying);
    this.#advance();
  }

  get isComplete(): boolean {
    return this.#parts.length === 0 && this.fault === null;
  }

  take(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && this.fault === null;) {
      const [part] = this.#parts;
      const length = Math.min(part?.length ?? 0, bytes.length - at);
      if (!part || Buffer.compare(bytes.subarray(at, at + length), part.subarray(0, length)) !== 0)
        this.fault = part ? `Other bytes after ${this.heard}` : `More bytes than ${this.heard}`;
      else {
        at += length;
        this.heard += length;
        this.#parts[0] = part.subarray(length);
        if (length === part.length) this.#parts.shift();
        if (this.#parts.length === 0) {
          this.pieces += 1;
          this.#advance();
        }
      }
    }
  }

  #advance(): void {
    this.#parts = [...(this.#script.next() ?? [])];
  }
}
