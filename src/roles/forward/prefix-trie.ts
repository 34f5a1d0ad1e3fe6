import type { IpPrefix } from '../../base/addresses.ts';

const NONE = -1;
/** Per trie node: child for bit 0, child for bit 1, index of the value. */
const FIELDS = 3;

/** Longest-prefix match for addresses of one family: a binary trie in one typed array, so a lookup allocates nothing. */
export class PrefixTrie<T> {
  #nodes: Int32Array = new Int32Array(FIELDS * 64);
  #used = 0;
  readonly #values: T[] = [];

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
  }

  /** The value of the longest prefix of the address of `bits` bits at `offset`. */
  lookup(memory: Uint8Array, offset: number, bits: number): T | undefined {
    const nodes = this.#nodes;
    let found = nodes[2] ?? NONE;
    let node = 0;
    for (let bit = 0; bit < bits; bit += 1) {
      node = nodes[node * FIELDS + bitAt(memory, offset, bit)] ?? NONE;
      if (node === NONE) break;
      const value = nodes[node * FIELDS + 2] ?? NONE;
      if (value !== NONE) found = value;
    }
    return found === NONE ? undefined : this.#values[found];
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
