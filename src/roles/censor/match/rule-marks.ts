/** What is known of single rules about one flow: few, so that a thousand rules cost a flow nothing. */
export class RuleMarks {
  /** Index of the rule times 8, and its bits. */
  readonly #marks: number[] = [];

  has(index: number, bit: number): boolean {
    for (const mark of this.#marks) if (mark >>> 3 === index) return (mark & bit) !== 0;
    return false;
  }

  /** `bit`: one of the lowest three. */
  add(index: number, bit: number): void {
    const place = this.#marks.findIndex((mark) => mark >>> 3 === index);
    if (place < 0) this.#marks.push((index << 3) | bit);
    else this.#marks[place] = (this.#marks[place] ?? 0) | bit;
  }

  /** The rules that have the mark. */
  indexesOf(bit: number): readonly number[] {
    return this.#marks.filter((mark) => (mark & bit) !== 0).map((mark) => mark >>> 3);
  }
}
