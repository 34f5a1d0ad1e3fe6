// Host names, a million or more, by hash: which sets of patterns hold a name. A set is the text that it was written as, in bytes; the
// table holds only where in it each pattern starts, so that a name costs the memory of its letters and some bytes more.
import { readU8 } from '../../../wire/bytes.ts';
import { GlobIndex } from './glob-index.ts';
import type { Hits } from './hits.ts';

const STAR = 0x2a;
const DOT = 0x2e;
const HASH_SIGN = 0x23;
const SPACE = 0x20;
const LINE_FEED = 0x0a;

export class NameIndex {
  readonly #texts: readonly Uint8Array[];
  /** Open addressing: offset into the text of the set, plus one; 0 is free. */
  readonly #slots: Int32Array;
  /** For each slot the id of the set, doubled; odd for a pattern that holds what lies below the name. */
  readonly #owners: Uint32Array;
  readonly #mask: number;
  readonly #globs = new GlobIndex();
  /** Sets that hold any name. */
  readonly #all: number[] = [];
  #hasBelow = false;

  /** `sets`: the patterns of each, one a line. A set's id is its place. */
  constructor(sets: readonly string[]) {
    const encoder = new TextEncoder();
    this.#texts = sets.map((text) => encoder.encode(text));
    const lines = this.#texts.reduce((sum, text) => sum + countLines(text), 0);
    const size = 2 ** Math.ceil(Math.log2(lines * 1.5 + 2));
    this.#slots = new Int32Array(size);
    this.#owners = new Uint32Array(size);
    this.#mask = size - 1;
    for (const [id, text] of this.#texts.entries()) this.#addText(text, id);
  }

  /** Adds to `hits` the sets that hold the name, without case and without the dot of the root (RFC 4343, RFC 1034 section 3.1). */
  find(name: string, hits: Hits): void {
    const length = name.endsWith('.') ? name.length - 1 : name.length;
    if (length === 0) return;
    for (const id of this.#all) hits.add(id);
    let hash = 0;
    for (let at = length - 1; at >= 0; at -= 1) {
      const byte = lower(name.charCodeAt(at));
      if (byte === DOT && this.#hasBelow) this.#probe(hash, name, at + 1, length, 1, hits);
      hash = hashOn(hash, byte);
    }
    this.#probe(hash, name, 0, length, 0, hits);
    if (this.#globs.size > 0)
      this.#globs.find(name.slice(0, length).toLowerCase(), (id) => hits.add(id));
  }

  /** Sets that hold exactly the name's letters from `from` on; `below` 1 for those that hold what lies below it. */
  #probe(hash: number, name: string, from: number, to: number, below: 0 | 1, hits: Hits): void {
    for (let slot = spread(hash) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const place = this.#slots[slot] ?? 0;
      if (place === 0) return;
      const owner = this.#owners[slot] ?? 0;
      if ((owner & 1) === below && this.#spells(owner >>> 1, place - 1, name, from, to))
        hits.add(owner >>> 1);
    }
  }

  #spells(id: number, offset: number, name: string, from: number, to: number): boolean {
    const text = this.#texts[id];
    if (text === undefined) return false;
    for (let at = from; at < to; at += 1) {
      const byte = lower(name.charCodeAt(at));
      if (byte <= SPACE || text[offset + at - from] !== byte) return false;
    }
    return readU8(text, offset + to - from) <= SPACE;
  }

  #addText(text: Uint8Array, id: number): void {
    for (let at = 0; at < text.length;) {
      const found = text.indexOf(LINE_FEED, at);
      const end = found < 0 ? text.length : found;
      this.#addLine(text, at, end, id);
      at = end + 1;
    }
  }

  /** A pattern in lower case and without the root's dot; that is how it is left in the text. */
  #addLine(text: Uint8Array, start: number, lineEnd: number, id: number): void {
    let at = start;
    while (at < lineEnd && readU8(text, at) <= SPACE) at += 1;
    let end = at;
    let star = -1;
    for (; end < lineEnd; end += 1) {
      const byte = lower(readU8(text, end));
      if (byte <= SPACE || byte === HASH_SIGN) break;
      if (byte === STAR) star = end;
      text[end] = byte;
    }
    if (end < text.length) text[end] = LINE_FEED;
    if (end > at + 1 && readU8(text, end - 1) === DOT) text[(end -= 1)] = LINE_FEED;
    if (end === at) return;
    if (star < 0) this.#insert(text, at, end, id * 2);
    else if (end === at + 1) this.#all.push(id);
    else if (star === at && readU8(text, at + 1) === DOT && end > at + 2) {
      this.#hasBelow = true;
      this.#insert(text, at + 2, end, id * 2 + 1);
    } else this.#globs.add(String.fromCharCode(...text.subarray(at, end)), id);
  }

  #insert(text: Uint8Array, start: number, end: number, owner: number): void {
    let hash = 0;
    for (let at = end - 1; at >= start; at -= 1) hash = hashOn(hash, readU8(text, at));
    let slot = spread(hash) & this.#mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & this.#mask) {
      const place = (this.#slots[slot] ?? 0) - 1;
      if (this.#owners[slot] === owner && equals(text, place, start, end)) return;
    }
    this.#slots[slot] = start + 1;
    this.#owners[slot] = owner;
  }
}

/** Whether the pattern at `place` is the one from `start` to `end` of the same text. */
function equals(text: Uint8Array, place: number, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (text[place + at - start] !== text[at]) return false;
  return readU8(text, place + end - start) <= SPACE;
}

function countLines(text: Uint8Array): number {
  let lines = 1;
  for (let at = text.indexOf(LINE_FEED); at >= 0; at = text.indexOf(LINE_FEED, at + 1)) lines += 1;
  return lines;
}

const lower = (code: number): number => (code >= 0x41 && code <= 0x5a ? code + 0x20 : code);

/** Names are hashed from their end, so that one pass gives the hash of each of the zones that it lies in. FNV-1a by its published prime. */
const hashOn = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x01000193) + 1;

/** High bits into the low ones, which choose the slot. */
function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}
