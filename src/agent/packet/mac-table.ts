// Behind which port of a switch each address was seen (IEEE 802.1D, clause 7.8): what is learned last holds.
import { readU16, readU32 } from '../../wire/bytes.ts';

/** Addresses that are remembered; hardware has tables of this order. */
const LIMIT = 65_536;

export class MacTable<Port> {
  readonly #behind = new Map<number, Port>();

  /** The address at `at` is behind `port`. */
  learn(memory: Uint8Array, at: number, port: Port): void {
    const address = macNumber(memory, at);
    if (isGroupAddress(memory, at) || this.#behind.get(address) === port) return;
    if (this.#behind.size < LIMIT || this.#behind.has(address)) this.#behind.set(address, port);
  }

  /** Undefined for groups, and for what was never seen. */
  find(memory: Uint8Array, at: number): Port | undefined {
    return isGroupAddress(memory, at) ? undefined : this.#behind.get(macNumber(memory, at));
  }
}

/** Whether the address at `at` is that of a group, or of all. */
export const isGroupAddress = (memory: Uint8Array, at: number): boolean =>
  ((memory[at] ?? 0) & 1) !== 0;

const macNumber = (memory: Uint8Array, at: number): number =>
  readU16(memory, at) * 0x1_0000_0000 + readU32(memory, at + 2);
