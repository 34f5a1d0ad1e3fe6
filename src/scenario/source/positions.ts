import type { Span } from '../../base/diagnostic.ts';

/** Turns offsets into one file's text into places. Lines end at LF, as YAML's do. */
export class Positions {
  readonly file: string;
  readonly #text: string;
  readonly #lineStarts: readonly number[];

  constructor(file: string, text: string) {
    this.file = file;
    this.#text = text;
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#lineStarts = starts;
  }

  /** From `start` to `end`, cut at the end of its first line; at least one character long. */
  span(start: number, end: number): Span {
    const line = this.#lineOf(start);
    const lineStart = this.#lineStarts[line] ?? 0;
    const nextLine = this.#lineStarts[line + 1];
    let stop = Math.min(end, nextLine === undefined ? this.#text.length : nextLine - 1);
    while (stop > start && /\s/.test(this.#text[stop - 1] ?? '')) stop -= 1;
    return {
      file: this.file,
      line: line + 1,
      column: start - lineStart + 1,
      length: Math.max(1, stop - start),
    };
  }

  #lineOf(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
