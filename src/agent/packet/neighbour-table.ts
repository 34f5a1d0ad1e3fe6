// Which MAC each IP address goes by on a segment, as frames tell it. Of fixed size: where it is full, something learned before gives way.
import { readI32, readU16 } from '../../wire/bytes.ts';

/** Places, a power of two, and how many of them an address may be in. */
const PLACES = 65_536;
const WAYS = 8;
/** Of a place: four words of address, then two of MAC and a bit that says that there is one. */
const WORDS = 6;
const TAKEN = 0x1_0000;
/** RFC 4291 section 2.5.5.2: an IPv4 address as one of IPv6. */
const MAPPED = 0xffff;

export class NeighbourTable {
  readonly #words: Int32Array = new Int32Array(PLACES * WORDS);
  readonly #address: Int32Array = new Int32Array(4);

  /** The address of `length` bytes at `at` goes by the MAC at `mac`. */
  learn(memory: Uint8Array, at: number, length: number, mac: number): void {
    this.#put(memory, at, length, readU16(memory, mac) | TAKEN, readI32(memory, mac + 2));
  }

  /** Writes the MAC of the address at `at` of `memory` to `to` of `target`; false, and nothing, where none is known. */
  resolve(memory: Uint8Array, at: number, length: number, target: Uint8Array, to: number): boolean {
    const place = this.#find(memory, at, length);
    const high = this.#words[place + 4] ?? 0;
    if (high === 0 || !this.#isAt(place)) return false;
    const low = this.#words[place + 5] ?? 0;
    target[to] = (high >>> 8) & 0xff;
    target[to + 1] = high & 0xff;
    for (let index = 0; index < 4; index += 1) target[to + 2 + index] = low >>> (24 - index * 8);
    return true;
  }

  #put(memory: Uint8Array, at: number, length: number, high: number, low: number): void {
    const words = this.#words;
    const place = this.#find(memory, at, length);
    for (let word = 0; word < 4; word += 1) words[place + word] = this.#address[word] ?? 0;
    words[place + 4] = high;
    words[place + 5] = low;
  }

  /** Where the address is, or where it is to be put. */
  #find(memory: Uint8Array, at: number, length: number): number {
    const address = this.#address;
    const isV4 = length === 4;
    for (let word = 0; word < 4; word += 1)
      address[word] = isV4 ? 0 : readI32(memory, at + word * 4);
    if (isV4) {
      address[2] = MAPPED;
      address[3] = readI32(memory, at);
    }
    let hash = 0;
    for (let word = 0; word < 4; word += 1)
      hash = Math.imul(hash ^ (address[word] ?? 0), 0x85eb_ca6b) ^ (hash >>> 15);
    const first = (hash >>> 16) & ~(WAYS - 1);
    for (let way = 0; way < WAYS; way += 1) {
      const place = (first + way) * WORDS;
      if (this.#words[place + 4] === 0 || this.#isAt(place)) return place;
    }
    return (first + ((hash >>> 8) & (WAYS - 1))) * WORDS;
  }

  #isAt(place: number): boolean {
    for (let word = 0; word < 4; word += 1)
      if (this.#words[place + word] !== this.#address[word]) return false;
    return true;
  }
}
