// A message while it is edited. Places are those of the message as it was read, so that edits do not move each other.
import { type BitPlace, writeBits } from '../bits.ts';
import type { Extent } from '../read/extent.ts';
import type { FieldNode } from '../read/field-node.ts';
import { type Splice, spliced } from './splice.ts';

type Around = Extent<FieldNode> | null;

/** By how much an extent has become larger. */
export interface Growth {
  bytes: number;
  /** How many elements a list has now; null: as many as before, or nobody knows. */
  elements: number | null;
}

export class Draft {
  /** The message with all that kept its length. */
  readonly memory: Uint8Array;
  /** Of extents that no longer have as many bytes or elements as before. */
  readonly grown: Map<Extent<FieldNode>, Growth> = new Map<Extent<FieldNode>, Growth>();
  /** Of the message as a whole. */
  bytes = 0;
  readonly #splices: Splice[] = [];
  readonly #said: { readonly start: number; readonly end: number }[] = [];

  constructor(message: Uint8Array) {
    this.memory = message.slice();
  }

  /** Whether anything has changed its length or place. */
  get isSpliced(): boolean {
    return this.#splices.length > 0;
  }

  /** The first byte that may not be where it was. */
  get firstMoved(): number {
    return this.#splices.reduce((first, { at }) => Math.min(first, at), Infinity);
  }

  number(place: BitPlace, at: number, value: number | bigint): void {
    writeBits(this.memory, at, place, value);
  }

  /** What an edit says, which no fixup changes. `around`: the innermost extent that the bytes lie in. */
  say(splice: Splice, around: Around, moves: boolean): void {
    this.#said.push({ start: splice.at, end: splice.at + splice.remove });
    if (splice.remove === splice.bytes.length && !moves) this.memory.set(splice.bytes, splice.at);
    else this.splice(splice, around);
  }

  splice(splice: Splice, around: Around): void {
    this.replace(splice);
    this.grow(around, splice.bytes.length - splice.remove);
  }

  /** Without a word to the extents around. */
  replace(splice: Splice): void {
    this.#splices.push(splice);
  }

  grow(around: Around, bytes: number): void {
    this.bytes += bytes;
    for (let extent = around; extent !== null; extent = extent.around)
      this.#growthOf(extent).bytes += bytes;
  }

  /** A list has so many elements now. */
  count(list: Extent<FieldNode>, elements: number): void {
    this.#growthOf(list).elements = elements;
  }

  /** Whether an edit says some of these bytes. */
  isSaid(start: number, end: number): boolean {
    return this.#said.some((said) => said.start < end && said.end > start);
  }

  build(): Uint8Array {
    return this.#splices.length === 0 ? this.memory : spliced(this.memory, this.#splices);
  }

  #growthOf(extent: Extent<FieldNode>): Growth {
    const known = this.grown.get(extent);
    if (known !== undefined) return known;
    const growth = { bytes: 0, elements: null };
    this.grown.set(extent, growth);
    return growth;
  }
}
