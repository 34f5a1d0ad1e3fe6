// Prefixes, thousands or more, by hash: which sets hold an address. Each length of prefix that occurs costs one look-up.
import { invariant } from '../../../base/invariant.ts';
import { type IpPrefix, parsePrefix } from '../../../base/addresses.ts';
import { readI32 } from '../../../wire/bytes.ts';
import type { Hits } from './hits.ts';
import { linesOf } from './listed.ts';

export class PrefixIndex {
  readonly #v4: PrefixTable;
  readonly #v6: PrefixTable;

  /** `sets`: the prefixes and addresses of each, one a line. A set's id is its place. */
  constructor(sets: readonly string[]) {
    const entries = sets.flatMap((text, id) =>
      linesOf(text).map((line) => ({ prefix: readPrefix(line), id })),
    );
    this.#v4 = new PrefixTable(entries, 4);
    this.#v6 = new PrefixTable(entries, 6);
  }

  /** Adds to `hits` the sets that hold the address of `length` bytes at `offset`. */
  find(memory: Uint8Array, offset: number, length: number, hits: Hits): void {
    if (length === 4) this.#v4.find(readI32(memory, offset), 0, 0, 0, hits);
    else
      this.#v6.find(
        readI32(memory, offset),
        readI32(memory, offset + 4),
        readI32(memory, offset + 8),
        readI32(memory, offset + 12),
        hits,
      );
  }
}

interface Entry {
  readonly prefix: IpPrefix;
  readonly id: number;
}

/** Numbers of an entry: four words, the length, the set. */
const STRIDE = 6;

class PrefixTable {
  readonly #lengths: readonly number[];
  readonly #entries: Int32Array;
  /** Open addressing: the place of an entry, plus one; 0 is free. */
  readonly #slots: Int32Array;
  readonly #mask: number;

  constructor(all: readonly Entry[], family: 4 | 6) {
    const entries = all.filter(({ prefix }) => prefix.address.family === family);
    this.#lengths = [...new Set(entries.map(({ prefix }) => prefix.length))];
    this.#entries = new Int32Array(entries.length * STRIDE);
    const size = 2 ** Math.ceil(Math.log2(entries.length * 2 + 2));
    this.#slots = new Int32Array(size);
    this.#mask = size - 1;
    for (const [place, { prefix, id }] of entries.entries()) this.#insert(prefix, id, place);
  }

  find(word0: number, word1: number, word2: number, word3: number, hits: Hits): void {
    for (const length of this.#lengths) {
      const a = word0 & maskOf(length);
      const b = word1 & maskOf(length - 32);
      const c = word2 & maskOf(length - 64);
      const d = word3 & maskOf(length - 96);
      let slot = hash(a, b, c, d, length) & this.#mask;
      for (let place = this.#slots[slot] ?? 0; place !== 0; place = this.#slots[slot] ?? 0) {
        if (this.#holds(place - 1, a, b, c, d, length))
          hits.add(this.#entries[(place - 1) * STRIDE + 5] ?? 0);
        slot = (slot + 1) & this.#mask;
      }
    }
  }

  #holds(place: number, a: number, b: number, c: number, d: number, length: number): boolean {
    const entries = this.#entries;
    const at = place * STRIDE;
    return (
      entries[at] === a &&
      entries[at + 1] === b &&
      entries[at + 2] === c &&
      entries[at + 3] === d &&
      entries[at + 4] === length
    );
  }

  #insert({ address, length }: IpPrefix, id: number, place: number): void {
    const word = (index: number): number =>
      readI32(address.bytes, index * 4) & maskOf(length - index * 32);
    const [a, b, c, d] = [word(0), word(1), word(2), word(3)];
    this.#entries.set([a, b, c, d, length, id], place * STRIDE);
    let slot = hash(a, b, c, d, length) & this.#mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & this.#mask) {
      const other = (this.#slots[slot] ?? 0) - 1;
      if (this.#holds(other, a, b, c, d, length) && this.#entries[other * STRIDE + 5] === id)
        return;
    }
    this.#slots[slot] = place + 1;
  }
}

/** The mask of a word of which the first `bits` count; fewer than none and more than 32 are taken as these. */
const maskOf = (bits: number): number => {
  if (bits <= 0) return 0;
  return bits >= 32 ? -1 : -1 << (32 - bits);
};

function hash(a: number, b: number, c: number, d: number, length: number): number {
  let mixed = Math.imul(a ^ length, 0x9e3779b1);
  if ((b | c | d) !== 0)
    mixed = Math.imul(Math.imul(Math.imul(mixed ^ b, 0x85ebca6b) ^ c, 0xc2b2ae35) ^ d, 0x27d4eb2f);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}

/** What follows the prefix in its line is a comment. */
function readPrefix(line: string): IpPrefix {
  const text = /^[^\s#]*/.exec(line)?.[0] ?? '';
  // A bare address is a prefix of its whole length.
  const prefix = parsePrefix(
    text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`,
  );
  invariant(prefix.ok, `a resolved rule holds only prefixes, not "${text}"`);
  return prefix.value;
}
