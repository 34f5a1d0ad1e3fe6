import type { IpPrefix } from '../../base/addresses.ts';
import { readI32 } from '../../wire/bytes.ts';

const NONE = -1;
/** Per trie node: child for bit 0, child for bit 1, index of the value. */
const FIELDS = 3;

/** Addresses remembered, a power of two; and of each: four words of address, then its value's index. */
const REMEMBERED = 256;
const MEMORY_WORDS = 5;
const FOUND_AT = 4;
/** In the place of an index: nothing is remembered here. */
const EMPTY = -2;

/**
 * Longest-prefix match for addresses of one family: a binary trie in one typed array, so a lookup allocates nothing. What it found last
 * it remembers by the address: packets go where others have just gone.
 */
export class PrefixTrie<T> {
  #nodes: Int32Array = new Int32Array(FIELDS * 64);
  #used = 0;
  readonly #values: T[] = [];
  readonly #remembered: Int32Array = new Int32Array(MEMORY_WORDS * REMEMBERED).fill(EMPTY);

  constructor() {
    this.#add();
  }

  /** Sets the value of a prefix; a value that it had is replaced. */
  set(prefix: IpPrefix, value: T): void {
    let node = 0;
    for (let bit = 0; bit < prefix.length; bit += 1) {
      const field = node * FIELDS + bitAt(prefix.address.bytes, 0, bit);
      let child = this.#nodes[field] ?? NONE;
      if (child === NONE) {
        child = this.#add();
        this.#nodes[field] = child;
      }
      node = child;
    }
    this.#nodes[node * FIELDS + 2] = this.#values.push(value) - 1;
    this.#remembered.fill(EMPTY);
  }

  /** The value of the longest prefix of the address of `bits` bits at `offset`: 32 or 128 of them. */
  lookup(memory: Uint8Array, offset: number, bits: number): T | undefined {
    const remembered = this.#remembered;
    const words = bits >>> 5;
    let hash = 0;
    for (let word = 0; word < words; word += 1)
      hash = Math.imul(hash ^ readI32(memory, offset + word * 4), 0x9e37_79b1);
    const place = (hash >>> 24) * MEMORY_WORDS;
    let found = remembered[place + FOUND_AT] ?? EMPTY;
    for (let word = 0; word < words; word += 1)
      if (remembered[place + word] !== readI32(memory, offset + word * 4)) found = EMPTY;
    if (found === EMPTY) {
      found = this.#search(memory, offset, bits);
      for (let word = 0; word < words; word += 1)
        remembered[place + word] = readI32(memory, offset + word * 4);
      remembered[place + FOUND_AT] = found;
    }
    return found === NONE ? undefined : this.#values[found];
  }

  #search(memory: Uint8Array, offset: number, bits: number): number {
    const nodes = this.#nodes;
    let found = nodes[2] ?? NONE;
    let node = 0;
    for (let bit = 0; bit < bits; bit += 1) {
      node = nodes[node * FIELDS + bitAt(memory, offset, bit)] ?? NONE;
      if (node === NONE) break;
      const value = nodes[node * FIELDS + 2] ?? NONE;
      if (value !== NONE) found = value;
    }
    return found;
  }

  #add(): number {
    const start = this.#used * FIELDS;
    if (start + FIELDS > this.#nodes.length) {
      const larger = new Int32Array(this.#nodes.length * 2);
      larger.set(this.#nodes);
      this.#nodes = larger;
    }
    this.#nodes.fill(NONE, start, start + FIELDS);
    this.#used += 1;
    return this.#used - 1;
  }
}

const bitAt = (memory: Uint8Array, offset: number, bit: number): number =>
  ((memory[offset + (bit >>> 3)] ?? 0) >>> (7 - (bit & 7))) & 1;
