// Assembles classic BPF (Documentation/networking/filter.rst): what sockets and tc's bpf classifier take without any privilege over
// the machine. Jumps are by name and reach as far as a program may be long.
import { invariant } from '../base/invariant.ts';

/** BPF_MAXINSNS: the kernel takes none that is longer. */
export const LONGEST_PROGRAM = 4096;

/** Where a load takes its bytes from: the frame's start, or what the index register adds to it. */
type Base = 'frame' | 'index';
type Width = 1 | 2 | 4;
type Comparison = 'equal' | 'atLeast' | 'anyBit';

interface Instruction {
  readonly code: number;
  readonly onTrue: number;
  readonly onFalse: number;
  readonly operand: number;
  /** The operand becomes the way to this label. */
  readonly target?: string;
}

const INSTRUCTION_BYTES = 8;
const WIDTHS = { 1: 0x10, 2: 0x08, 4: 0x00 } as const;
const BASES = { frame: 0x20, index: 0x40 } as const;
const COMPARISONS = { equal: 0x15, atLeast: 0x35, anyBit: 0x45 } as const;
const CODE = {
  load: 0x00,
  loadLength: 0x80,
  loadIpHeaderLength: 0xb1,
  loadIndex: 0x01,
  subtractIndex: 0x1c,
  jump: 0x05,
  end: 0x06,
} as const;
/** SKF_AD_OFF + SKF_AD_PKTTYPE (linux/filter.h). */
const PACKET_TYPE = 0xffff_f004;

export class FilterProgram {
  readonly #instructions: Instruction[] = [];
  readonly #labels = new Map<string, number>();

  get length(): number {
    return this.#instructions.length;
  }

  load(width: Width, at: number, base: Base = 'frame'): void {
    this.#add(CODE.load | WIDTHS[width] | BASES[base], at);
  }

  /** The frame's length. */
  loadLength(): void {
    this.#add(CODE.loadLength, 0);
  }

  /** sll_pkttype: 0 for a frame to this interface. */
  loadPacketType(): void {
    this.load(4, PACKET_TYPE);
  }

  /** The length of the IPv4 header at `at` goes to the index register. */
  indexByIpHeader(at: number): void {
    this.#add(CODE.loadIpHeaderLength, at);
  }

  index(value: number): void {
    this.#add(CODE.loadIndex, value);
  }

  subtractIndex(): void {
    this.#add(CODE.subtractIndex, 0);
  }

  jump(target: string): void {
    this.#instructions.push({ code: CODE.jump, onTrue: 0, onFalse: 0, operand: 0, target });
  }

  /** A condition's own jump reaches 255 instructions: a plain one behind it reaches all. */
  jumpIf(comparison: Comparison, operand: number, target: string): void {
    this.#instructions.push({ code: COMPARISONS[comparison], onTrue: 0, onFalse: 1, operand });
    this.jump(target);
  }

  jumpUnless(comparison: Comparison, operand: number, target: string): void {
    this.#instructions.push({ code: COMPARISONS[comparison], onTrue: 1, onFalse: 0, operand });
    this.jump(target);
  }

  end(value: number): void {
    this.#add(CODE.end, value);
  }

  label(name: string): void {
    this.#labels.set(name, this.#instructions.length);
  }

  /** An array of `struct sock_filter`, in the machine's order. */
  encode(): Uint8Array {
    const bytes = new Uint8Array(this.#instructions.length * INSTRUCTION_BYTES);
    const view = new DataView(bytes.buffer);
    for (const [
      index,
      { code, onTrue, onFalse, operand, target },
    ] of this.#instructions.entries()) {
      const at = index * INSTRUCTION_BYTES;
      view.setUint16(at, code, true);
      view.setUint8(at + 2, onTrue);
      view.setUint8(at + 3, onFalse);
      view.setUint32(at + 4, target === undefined ? operand >>> 0 : this.#way(index, target), true);
    }
    return bytes;
  }

  #way(from: number, target: string): number {
    const to = this.#labels.get(target);
    invariant(to !== undefined && to > from, `A filter jumps forwards: "${target}"`);
    return to - from - 1;
  }

  #add(code: number, operand: number): void {
    this.#instructions.push({ code, onTrue: 0, onFalse: 0, operand });
  }
}
