// Where there is no protocol: a request is what a client says between two answers, an answer all that comes before the next request.
import { latin1 } from '../../../wire/bytes.ts';
import { printable } from '../../../base/printable.ts';
import { ContentReader, type DialogueReader, type ReaderOutput, wordsOf } from './reader.ts';

export class BytesReader implements DialogueReader {
  readonly fault = null;
  #answer: ContentReader | null = null;
  #hasAsked = false;

  said(bytes: Uint8Array, opens: boolean, output: ReaderOutput): void {
    if (!opens) return;
    this.ended(output);
    this.#hasAsked = true;
    output.request(printable(wordsOf(latin1(bytes, 0, Math.min(100, bytes.length)))));
  }

  answered(bytes: Uint8Array | null, length: number): void {
    // A greeting, before anybody asked, is no answer.
    if (!this.#hasAsked) return;
    this.#answer ??= new ContentReader();
    this.#answer.take(bytes, length);
  }

  ended(output: ReaderOutput): void {
    if (this.#answer === null) return;
    const { bytes, content } = this.#answer;
    this.#answer = null;
    output.answer({ status: '', bytes, headers: [], content });
  }
}
