// HMAC (RFC 2104) with SHA-256 (FIPS 180-4) over messages as short as those that Initial keys are derived from. Five of them make the keys
// of a connection: here that takes a few microseconds, and nothing is left behind that has to be collected.
import { invariant } from '../../base/invariant.ts';
import { readI32, readU8, writeU32 } from '../bytes.ts';

const BLOCK = 64;
const WORDS = 16;
const ROUNDS = 64;
const DIGEST_LENGTH = 32;
/** What one block holds besides the bit that ends it and the 64-bit length. */
const MAX_LENGTH = BLOCK - 9;
const INNER_PAD = 0x36363636;
const OUTER_PAD = 0x5c5c5c5c;

/** The first bits behind the point of square and cube roots of the first primes. */
const PRIMES = firstPrimes(ROUNDS);
const INITIAL: Int32Array = Int32Array.from(PRIMES.slice(0, 8), (prime) =>
  fraction(Math.sqrt(prime)),
);
const CONSTANTS: Int32Array = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));
const schedule = new Int32Array(ROUNDS);

/** A key, with what does not depend on the message computed once. */
export class HmacKey {
  readonly #inner: Int32Array;
  readonly #outer: Int32Array;

  /** `key`: at most 64 bytes. */
  constructor(key: Uint8Array) {
    invariant(key.length <= BLOCK, 'A key is no longer than a block');
    this.#inner = stateAfter(key, INNER_PAD);
    this.#outer = stateAfter(key, OUTER_PAD);
  }

  /** The 32 bytes that authenticate a message of at most 55. */
  sign(message: Uint8Array): Uint8Array {
    invariant(message.length <= MAX_LENGTH, 'A message fits into a block');
    const inner = this.#inner.slice();
    loadBytes(message);
    endBlock(message.length);
    compress(inner);
    const outer = this.#outer.slice();
    schedule.set(inner);
    schedule.fill(0, inner.length, WORDS);
    schedule[inner.length] = 0x8000_0000;
    endBlock(DIGEST_LENGTH);
    compress(outer);
    const code = new Uint8Array(DIGEST_LENGTH);
    for (let word = 0; word < outer.length; word += 1) writeU32(code, word * 4, outer[word] ?? 0);
    return code;
  }
}

function stateAfter(key: Uint8Array, pad: number): Int32Array {
  const state = INITIAL.slice();
  const padded = new Uint8Array(BLOCK);
  padded.set(key);
  for (let word = 0; word < WORDS; word += 1) schedule[word] = readI32(padded, word * 4) ^ pad;
  compress(state);
  return state;
}

/** Puts a message into the block to come, and the bit that ends it. */
function loadBytes(message: Uint8Array): void {
  schedule.fill(0, 0, WORDS);
  for (let at = 0; at <= message.length; at += 1) {
    const byte = at < message.length ? readU8(message, at) : 0x80;
    schedule[at >>> 2] = (schedule[at >>> 2] ?? 0) | (byte << (24 - (at & 3) * 8));
  }
}

/** The length in bits: of the pad's block, and of the `length` bytes after it. */
function endBlock(length: number): void {
  schedule[WORDS - 1] = (BLOCK + length) * 8;
}

const rotate = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));

/** FIPS 180-4 section 6.2.2, over the block in `schedule`. */
function compress(state: Int32Array): void {
  expand();
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  let f = state[5] ?? 0;
  let g = state[6] ?? 0;
  let h = state[7] ?? 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const choice = (e & f) ^ (~e & g);
    const first = (h + sum1 + choice + (CONSTANTS[round] ?? 0) + (schedule[round] ?? 0)) | 0;
    const sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + sum0 + majority) | 0;
  }
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
  state[4] = (state[4] ?? 0) + e;
  state[5] = (state[5] ?? 0) + f;
  state[6] = (state[6] ?? 0) + g;
  state[7] = (state[7] ?? 0) + h;
}

function expand(): void {
  for (let at = WORDS; at < ROUNDS; at += 1) {
    const before15 = schedule[at - 15] ?? 0;
    const before2 = schedule[at - 2] ?? 0;
    const sigma0 = rotate(before15, 7) ^ rotate(before15, 18) ^ (before15 >>> 3);
    const sigma1 = rotate(before2, 17) ^ rotate(before2, 19) ^ (before2 >>> 10);
    schedule[at] = (schedule[at - 16] ?? 0) + sigma0 + (schedule[at - 7] ?? 0) + sigma1;
  }
}

function firstPrimes(count: number): readonly number[] {
  const primes: number[] = [];
  for (let number = 2; primes.length < count; number += 1)
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  return primes;
}

/** The first 32 bits behind the point. */
function fraction(value: number): number {
  return Math.floor((value % 1) * 2 ** 32) | 0;
}
