// A message as it is written, with what follows from what has been written: sizes, counts, and the rest of a fixed room.
import { Fault } from '../../../base/fault.ts';
import type { FrameSpec } from '../../../model/protocol.ts';
import { writeBits } from '../bits.ts';
import type { Count, Size, UintMember, Until } from '../grammar.ts';
import { ByteWriter } from './byte-writer.ts';
import type { Scope, WrittenNumber } from './scope.ts';

type LengthFrame = Extract<FrameSpec, { readonly kind: 'length' }>;

export class Output {
  readonly #writer = new ByteWriter();
  /** Where numbers begin that were set. */
  readonly #said = new Set<number>();
  /** Where the fields begin that share bytes with the one at hand. */
  #group = 0;

  get length(): number {
    return this.#writer.length;
  }

  get bytes(): Uint8Array {
    return this.#writer.memory.slice();
  }

  add(bytes: Uint8Array): void {
    this.#writer.add(bytes);
  }

  zeros(count: number): void {
    this.#writer.zeros(count);
  }

  /** Null: not said, and zero until it is settled. */
  number(member: UintMember, value: number | bigint | null): WrittenNumber {
    if (member.skip === 0 && member.bit === 0) this.#group = this.length;
    const at = this.#group + member.skip;
    this.zeros(Math.max(0, at + member.width - this.length));
    if (value !== null) {
      this.#said.add(at);
      writeBits(this.#writer.memory, at, member, value);
    }
    return { member, at, value };
  }

  /** What was said stays as it was said. */
  settle(number: WrittenNumber | undefined, value: number): void {
    if (number?.value !== null) return;
    const { member, at } = number;
    if (value < 0 || value >= 2 ** member.bits)
      throw new Fault('usage', `"${member.name}" has ${member.bits} bits: it cannot be ${value}`);
    writeBits(this.#writer.memory, at, member, value);
  }

  /** The length of the frame, where no field is that says it and that was set. */
  frameLength({ at, width, plus }: LengthFrame): void {
    if (this.#said.has(at)) return;
    const place = { bit: 0, bits: width * 8, little: false };
    writeBits(this.#writer.memory, at, place, this.length - plus);
  }

  /** Puts right what says the size of what was written from `start` on, or fills its room. */
  fill(size: Size | Count | Until, start: number, name: string, scope: Scope, count = 0): void {
    switch (size.kind) {
      case 'rest':
        return;
      case 'fixed':
        this.fillRoom(size.bytes, start, name);
        return;
      case 'field':
        this.settle(scope.number(size.path), this.length - start - size.plus);
        return;
      case 'count':
        this.settle(scope.number(size.path), count);
        return;
      case 'until':
        this.add(size.bytes);
    }
  }

  /** With zero bytes. */
  fillRoom(bytes: number, start: number, name: string): void {
    const written = this.length - start;
    if (written > bytes)
      throw new Fault('usage', `"${name}" has room for ${bytes} bytes, found ${written}`);
    this.zeros(bytes - written);
  }
}
