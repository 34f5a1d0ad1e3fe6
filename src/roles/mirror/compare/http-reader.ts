// HTTP/1.1: requests and final answers, whole.
import { latin1, readU8 } from '../../../wire/bytes.ts';
import { HttpFramer } from '../../../wire/protocol/frame/http-framer.ts';
import { ContentReader, type DialogueReader, type ReaderOutput, wordsOf } from './reader.ts';

/** Messages that are longer are not read. */
const LONGEST = 16_777_216;
const NOTHING = new Uint8Array(0);

export class HttpReader implements DialogueReader {
  fault: string | null = null;
  readonly #requests = new HttpFramer('client', LONGEST, undefined);
  readonly #answers = new HttpFramer('server', LONGEST, this.#requests);

  said(bytes: Uint8Array, _opens: boolean, output: ReaderOutput): void {
    if (this.fault !== null) return;
    this.#requests.push(bytes);
    for (let one = this.#requests.next(); one !== null; one = this.#requests.next())
      // An empty line before a request is none.
      if (one.length > 2) output.request(wordsOf(latin1(one, 0, Math.min(100, one.length))));
    this.fault = this.#requests.fault;
  }

  answered(bytes: Uint8Array | null, length: number, output: ReaderOutput): void {
    if (this.fault !== null) return;
    if (bytes === null) {
      this.fault = `${length} bytes of an answer are not known`;
      return;
    }
    this.#answers.push(bytes);
    for (let one = this.#answers.next(); one !== null; one = this.#answers.next())
      tellAnswer(one, output);
    this.fault = this.#answers.fault;
  }

  ended(output: ReaderOutput): void {
    // An answer may last until the end of the connection (RFC 9112 section 6.3).
    const rest = this.fault === null ? this.#answers.rest() : NOTHING;
    if (headEnd(rest) > 0) tellAnswer(rest, output);
  }
}

function tellAnswer(message: Uint8Array, output: ReaderOutput): void {
  const end = headEnd(message);
  const [first = '', ...lines] = latin1(message, 0, end).split(/\r?\n/);
  const status = /^HTTP\/1\.\d (\d{3})/.exec(first)?.[1] ?? '';
  // An interim answer is followed by the final one.
  if (status === '' || (status.startsWith('1') && status !== '101')) return;
  const content = new ContentReader();
  content.take(message.subarray(end), message.length - end);
  output.answer({
    status,
    bytes: message.length,
    headers: lines.flatMap((line) => {
      const [name = '', value] = line.split(/:(.*)/s, 2);
      return value === undefined ? [] : [[name.toLowerCase(), value.trim()] as const];
    }),
    content: content.content,
  });
}

/** Where the body begins; 0: the head is not whole. */
function headEnd(message: Uint8Array): number {
  for (let at = 0; at < message.length; at += 1) {
    if (readU8(message, at) !== 0x0a) continue;
    if (readU8(message, at + 1) === 0x0a) return at + 2;
    if (readU8(message, at + 1) === 0x0d && readU8(message, at + 2) === 0x0a) return at + 3;
  }
  return 0;
}
