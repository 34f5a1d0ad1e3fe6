// The contract between a comparison and a protocol: which requests one side was told, and what it answered to each.

/** What one side is told and answers, by order: the n-th answer is that to the n-th request. */
export interface DialogueReader {
  /** Bytes to the server; `opens`: the first that the client said after an answer. */
  said(bytes: Uint8Array, opens: boolean, output: ReaderOutput): void;
  /** Bytes of the server; null: that many which are not known. */
  answered(bytes: Uint8Array | null, length: number, output: ReaderOutput): void;
  /** The server has said all. */
  ended(output: ReaderOutput): void;
  /** Why the rest cannot be read, or null. */
  readonly fault: string | null;
}

export interface ReaderOutput {
  /** A request was said whole. */
  request(asked: string): void;
  answer(answer: ReadAnswer): void;
}

export interface ReadAnswer {
  readonly status: string;
  readonly bytes: number;
  /** Name and value of what stands before the body, in the server's order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The beginning of what it says, and of all of it a number that differs where the rest does; null: not all of it is known. */
  readonly content: { readonly beginning: Uint8Array; readonly digest: number } | null;
}

/** Bytes of an answer that are kept, to say where two differ. */
const BEGINNING = 4096;

/** Takes what an answer says piece by piece. */
export class ContentReader {
  bytes = 0;
  #beginning: number[] = [];
  #digest = 0x811c9dc5;
  #isKnown = true;

  take(bytes: Uint8Array | null, length: number): void {
    this.bytes += length;
    if (bytes === null) {
      this.#isKnown = false;
      return;
    }
    const room = BEGINNING - this.#beginning.length;
    if (room > 0) this.#beginning.push(...bytes.subarray(0, room));
    let digest = this.#digest;
    // FNV-1a.
    for (const byte of bytes) digest = Math.imul(digest ^ byte, 0x01000193);
    this.#digest = digest;
  }

  get content(): ReadAnswer['content'] {
    if (!this.#isKnown) return null;
    return { beginning: Uint8Array.from(this.#beginning), digest: this.#digest };
  }
}

/** The first words of a request, on one line. */
export const wordsOf = (text: string): string =>
  text
    .split(/[\r\n\0]/, 1)
    .join('')
    .slice(0, 100);
