/** Lines of UTF-8 from bytes as they come. */
export class LineReader {
  #kept = '';
  readonly #decoder = new TextDecoder();

  /** The lines that `bytes` complete, blank ones left out; null once a line is longer than `LINE_LIMIT`, and for good. */
  read(bytes: Uint8Array): readonly string[] | null {
    const text = this.#decoder.decode(bytes, { stream: true });
    const lines = text.split('\n');
    lines[0] = this.#kept + (lines[0] ?? '');
    this.#kept = lines.pop() ?? '';
    if (this.#kept.length > LINE_LIMIT || lines.some(({ length }) => length > LINE_LIMIT))
      return null;
    return lines.filter((line) => line.trim() !== '');
  }
}

/** Characters: a batch of verdicts, each with a payload. */
export const LINE_LIMIT: number = 2 ** 20;
