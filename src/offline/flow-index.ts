// Finds the rows of flows by what their packets say, in one piece of memory: a capture has too many flows to make objects of them, which cost
// more to keep than to find.
import { readI32, readU8 } from '../wire/bytes.ts';
import type { PacketView } from '../wire/packet.ts';

/**
 * Words of a key, signed and of 32 bits: version and protocol, both ports, and both addresses, a word of the low end and a word of the high
 * end in turn. The low end comes first in an order that does not depend on the direction.
 */
export const KEY_WORDS = { v4: 4, v6: 10 } as const;

/** A row has the place of the longest key, and a link. */
const LINK = KEY_WORDS.v6;
const ROW = KEY_WORDS.v6 + 1;

/** No row: the flow is not known. */
export const NO_ROW = -1;

export class FlowIndex {
  /** Whether the source of the packet of the last `find` is the low end of its flow. */
  isSourceLow = true;
  readonly #rows: Int32Array;
  /** One more than the first row of each bucket; 0: it has none. The same is in the links. */
  readonly #buckets: Int32Array;
  readonly #key = new Int32Array(KEY_WORDS.v6);
  #slot = 0;

  /** Rows are numbered from 0. `buckets` is a power of two. */
  constructor(rows: number, buckets: number) {
    this.#rows = new Int32Array(rows * ROW);
    this.#buckets = new Int32Array(buckets);
  }

  /** The row of a packet's flow. */
  find(view: PacketView): number {
    const rows = this.#rows;
    this.isSourceLow = isSourceLow(view);
    loadKey(this.#key, view, this.isSourceLow);
    this.#slot = this.#slotOf(this.#key, 0);
    let row = (this.#buckets[this.#slot] ?? 0) - 1;
    while (row !== NO_ROW && !hasKey(rows, row * ROW, this.#key))
      row = (rows[row * ROW + LINK] ?? 0) - 1;
    return row;
  }

  /** Gives a row that is free to the flow of the packet that `find` was just asked about. */
  put(row: number): void {
    const length = lengthOf(this.#key, 0);
    for (let at = 0; at < length; at += 1) this.#rows[row * ROW + at] = this.#key[at] ?? 0;
    this.#rows[row * ROW + LINK] = this.#buckets[this.#slot] ?? 0;
    this.#buckets[this.#slot] = row + 1;
  }

  /** Makes a row free. */
  free(row: number): void {
    const rows = this.#rows;
    const slot = this.#slotOf(rows, row * ROW);
    const behind = rows[row * ROW + LINK] ?? 0;
    let before = (this.#buckets[slot] ?? 0) - 1;
    if (before === row) this.#buckets[slot] = behind;
    else {
      while (rows[before * ROW + LINK] !== row + 1) before = (rows[before * ROW + LINK] ?? 0) - 1;
      rows[before * ROW + LINK] = behind;
    }
  }

  /** A copy. */
  keyOf(row: number): readonly number[] {
    const key: number[] = [];
    const end = row * ROW + lengthOf(this.#rows, row * ROW);
    for (let at = row * ROW; at < end; at += 1) key.push(this.#rows[at] ?? 0);
    return key;
  }

  #slotOf(words: Int32Array, from: number): number {
    return hashOf(words, from) & (this.#buckets.length - 1);
  }
}

/** Whether the source comes before the destination. */
function isSourceLow(view: PacketView): boolean {
  const { memory, sourceOffset, destinationOffset, addressLength } = view;
  if (view.sourcePort !== view.destinationPort) return view.sourcePort < view.destinationPort;
  for (let at = 0; at < addressLength; at += 1) {
    const order = readU8(memory, sourceOffset + at) - readU8(memory, destinationOffset + at);
    if (order !== 0) return order < 0;
  }
  return true;
}

function loadKey(key: Int32Array, view: PacketView, sourceIsLow: boolean): void {
  const { memory, sourcePort, destinationPort } = view;
  const low = sourceIsLow ? view.sourceOffset : view.destinationOffset;
  const high = sourceIsLow ? view.destinationOffset : view.sourceOffset;
  key[0] = (view.version << 8) | view.protocol;
  key[1] = sourceIsLow
    ? (sourcePort << 16) | destinationPort
    : (destinationPort << 16) | sourcePort;
  const words = lengthOf(key, 0);
  for (let at = 2, byte = 0; at < words; at += 2, byte += 4) {
    key[at] = readI32(memory, low + byte);
    key[at + 1] = readI32(memory, high + byte);
  }
}

const lengthOf = (words: Int32Array, from: number): number =>
  (words[from] ?? 0) >>> 8 === 6 ? KEY_WORDS.v6 : KEY_WORDS.v4;

function hasKey(rows: Int32Array, from: number, key: Int32Array): boolean {
  const length = lengthOf(key, 0);
  for (let at = 0; at < length; at += 1) if (rows[from + at] !== key[at]) return false;
  return true;
}

function hashOf(words: Int32Array, from: number): number {
  const end = from + lengthOf(words, from);
  let hash = 0;
  for (let at = from; at < end; at += 1)
    hash = Math.imul(hash ^ (words[at] ?? 0), 0x85ebca6b) ^ (hash >>> 15);
  return hash ^ (hash >>> 16);
}
