// PostgreSQL: a request is what a client says up to a query, a function call or a Sync; its answer ends with ReadyForQuery. What belongs to
// the server itself (parameters, keys, notices) is no part of it, and neither is authentication: both servers may want another.
import { latin1 } from '../../../wire/bytes.ts';
import {
  PostgresFramer,
  postgresBody,
  readCommandTag,
  readErrorFields,
} from '../../../wire/postgres.ts';
import { ContentReader, type DialogueReader, type ReaderOutput, wordsOf } from './reader.ts';

/** Query, FunctionCall, Sync. */
const ASKS: ReadonlySet<string> = new Set(['Q', 'F', 'S']);
/** DataRow, RowDescription, CopyData, FunctionCallResponse. */
const SAYS: ReadonlySet<string> = new Set(['D', 'T', 'd', 'V']);

export class PostgresReader implements DialogueReader {
  fault: string | null = null;
  readonly #requests = new PostgresFramer('client');
  readonly #answers = new PostgresFramer('server');
  #content = new ContentReader();
  #status: string[] = [];
  #bytes = 0;
  #words = '';
  #isReady = false;

  said(bytes: Uint8Array, _opens: boolean, output: ReaderOutput): void {
    if (this.fault !== null) return;
    this.#requests.push(bytes);
    for (let one = this.#requests.next(); one !== null; one = this.#requests.next())
      this.#noteRequest(one, output);
    this.fault = this.#requests.fault;
  }

  answered(bytes: Uint8Array | null, length: number, output: ReaderOutput): void {
    if (this.fault !== null) return;
    if (bytes === null) {
      this.fault = `${length} bytes of an answer are not known`;
      return;
    }
    this.#answers.push(bytes);
    for (let one = this.#answers.next(); one !== null; one = this.#answers.next()) {
      const { type } = this.#answers;
      const text = latin1(one, 0, 1);
      if (type.kind === 'encryption-reply' && text !== 'N') this.fault = 'The session is encrypted';
      else if (type.kind === 'letter') this.#noteAnswer(type.letter, one, output);
      if (this.fault !== null) return;
    }
    this.fault = this.#answers.fault;
  }

  ended(output: ReaderOutput): void {
    if (this.#bytes > 0 && this.#isReady) this.#tell(output);
  }

  #noteRequest(message: Uint8Array, output: ReaderOutput): void {
    const { type } = this.#requests;
    if (type.kind === 'ssl-request' || type.kind === 'gss-request') this.#answers.awaitReply();
    if (type.kind !== 'letter') return;
    // The text of a statement that is parsed now and run by the Sync that follows.
    if (type.letter === 'P') this.#words = wordsOf(parsedText(message));
    if (!ASKS.has(type.letter)) return;
    const body = postgresBody(message);
    const asked = type.letter === 'Q' ? wordsOf(latin1(body, 0, body.length)) : this.#words;
    this.#words = '';
    output.request(asked);
  }

  #noteAnswer(letter: string, message: Uint8Array, output: ReaderOutput): void {
    if (letter === 'Z' && !this.#isReady) {
      this.#isReady = true;
      this.#begin();
      return;
    }
    this.#bytes += message.length;
    if (SAYS.has(letter)) this.#content.take(message, message.length);
    if (letter === 'C') this.#status.push(readCommandTag(message));
    if (letter === 'E') this.#status.push(readErrorFields(message).get('C') ?? 'error');
    if (letter === 'Z') this.#tell(output);
  }

  #tell(output: ReaderOutput): void {
    const status = this.#status.join(', ');
    output.answer({ status, bytes: this.#bytes, headers: [], content: this.#content.content });
    this.#begin();
  }

  #begin(): void {
    this.#content = new ContentReader();
    this.#status = [];
    this.#bytes = 0;
  }
}

/** Behind the statement's name. */
function parsedText(message: Uint8Array): string {
  const body = postgresBody(message);
  return latin1(body, body.indexOf(0) + 1, body.length);
}
