// What the numbers of a field are called.

export class Words {
  readonly #words: ReadonlyMap<string, number>;
  readonly #numbers: ReadonlyMap<number, string>;
  /** Whether each word is a set of bits. */
  readonly isFlags: boolean;
  /** Whether the words number their values without a gap from 0 or 1 on: any other number means nothing. */
  readonly isClosed: boolean;

  constructor(words: Readonly<Record<string, number>>, isFlags: boolean) {
    this.#words = new Map(Object.entries(words));
    // Of two words for one number the first is shown.
    this.#numbers = new Map(
      Object.entries(words)
        .map(([word, number]) => [number, word] as const)
        .reverse(),
    );
    this.isFlags = isFlags;
    const [least = -1, ...more] = [...this.#numbers.keys()].sort((left, right) => left - right);
    const isWithoutGap = more.every((number, index) => number === least + index + 1);
    this.isClosed = !isFlags && isWithoutGap && more.length > 0 && (least === 0 || least === 1);
  }

  /** Null where there is no word. Flags: `SYN+ACK`, and what has no word as a number at the end. */
  wordOf(value: number): string | null {
    return this.#numbers.get(value) ?? (this.isFlags ? this.#flagsOf(value) : null);
  }

  /** The number of a word, or of flags joined by `+`; undefined where there is none. */
  numberOf(text: string): number | undefined {
    const number = this.#words.get(text);
    if (number !== undefined || !this.isFlags) return number;
    let sum = 0n;
    for (const part of text.split('+')) {
      const bits = this.#words.get(part) ?? (/^(0x[\da-f]+|\d+)$/i.test(part) ? part : undefined);
      if (bits === undefined) return undefined;
      sum |= BigInt(bits);
    }
    return Number(sum);
  }

  /** The values that have a word. */
  get numbers(): Iterable<number> {
    return this.#numbers.keys();
  }

  /** All of them, in the order written. */
  get all(): ReadonlyMap<string, number> {
    return this.#words;
  }

  #flagsOf(value: number): string | null {
    // Flags may lie above the 32 bits that the operators take.
    let rest = BigInt(value);
    const found: string[] = [];
    for (const [word, number] of this.#words) {
      const bits = BigInt(number);
      if (bits === 0n || (rest & bits) !== bits) continue;
      found.push(word);
      rest &= ~bits;
    }
    if (found.length === 0) return null;
    return [...found, ...(rest === 0n ? [] : [`0x${rest.toString(16)}`])].join('+');
  }
}
