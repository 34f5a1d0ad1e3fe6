// HTTP/1.1 messages of one direction, each a head with its body: RFC 9112 sections 2 to 7.
import { latin1 } from '../../bytes.ts';
import type { Framer, Side } from '../contract.ts';
import { type HttpBody, requestBody, responseBody } from './http-body.ts';
import { type FrontMessage, StreamFramer } from './stream-framer.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** Requests that may wait for their answers. */
const MAX_PIPELINED = 10_000;
/** Bytes of a chunk's first line, and of a line of the trailer section. */
const MAX_CHUNK_LINE = 16_384;

type Part = 'head' | 'body' | 'chunk' | 'trailer' | 'whole';

export class HttpFramer extends StreamFramer {
  /** Methods of requests that are not answered yet, the oldest first; for the twin. */
  readonly #methods: string[] = [];
  readonly #side: Side;
  readonly #limit: number;
  readonly #twin: HttpFramer | null;
  #part: Part = 'head';
  /** Bytes of the message whose place in it is known, and of its head that hold no line feed. */
  #known = 0;
  #seen = 0;
  /** Whether what follows the message is no HTTP. */
  #isTunnel = false;
  #isOver = false;
  #first = '';
  #transferEncoding: string | null = null;
  #contentLength: string | null = null;

  /** `limit`: bytes of the longest message. `twin`: of the other direction of the same stream. */
  constructor(side: Side, limit: number, twin: Framer | undefined) {
    super();
    this.#side = side;
    this.#limit = limit;
    this.#twin = twin instanceof HttpFramer ? twin : null;
  }

  protected override measure(): FrontMessage {
    if (this.#isOver) return this.failed('The connection carries HTTP no longer');
    for (;;) {
      const part = this.#part;
      const isKnown = this.#step();
      if (this.fault !== null) return null;
      if (Math.max(this.#known, this.#seen) > this.#limit)
        return this.failed(`A message is longer than ${this.#limit} bytes`);
      if (this.#part === 'whole') return this.#known;
      if (!isKnown && part === this.#part) return null;
    }
  }

  protected override taken(): void {
    this.#isOver = this.#isTunnel;
    this.#part = 'head';
    this.#known = 0;
    this.#seen = 0;
    this.#first = '';
    this.#transferEncoding = null;
    this.#contentLength = null;
  }

  /** Goes on by one line or chunk; whether it could. */
  #step(): boolean {
    switch (this.#part) {
      case 'head':
        return this.#headLine();
      case 'chunk':
        return this.#chunk();
      case 'trailer':
        return this.#trailerLine();
      case 'body':
        // To the end of the stream: what waits then is the message.
        this.#seen = this.waiting;
        return false;
      case 'whole':
        return true;
    }
  }

  #headLine(): boolean {
    const line = this.#line(this.#limit);
    if (line === null) return false;
    if (this.#first === '') {
      // An empty line before a message is none (RFC 9112 section 2.2); it goes on as a message of its own.
      if (line === '') this.#part = 'whole';
      else if (this.#isFirst(line)) this.#first = line;
      else this.failed(`Expected HTTP/1.1, found ${JSON.stringify(line.slice(0, 60))}`);
      return true;
    }
    if (line === '') this.#beginBody();
    else this.#field(line);
    return true;
  }

  #isFirst(line: string): boolean {
    return this.#side === 'client' ? / HTTP\/1\.\d$/.test(line) : /^HTTP\/1\.\d \d{3}/.test(line);
  }

  #field(line: string): void {
    const [name = '', value = ''] = line.split(/:(.*)/s, 2);
    if (/^content-length$/i.test(name)) this.#contentLength = joined(this.#contentLength, value);
    if (/^transfer-encoding$/i.test(name))
      this.#transferEncoding = joined(this.#transferEncoding, value);
  }

  #beginBody(): void {
    const body = this.#body();
    switch (body.kind) {
      case 'length':
        this.#known += body.bytes;
        this.#part = 'whole';
        return;
      case 'chunked':
        this.#part = 'chunk';
        return;
      case 'close':
        this.#part = 'body';
        return;
      case 'tunnel':
        this.#isTunnel = true;
        this.#part = 'whole';
        return;
      case 'fault':
        this.failed(body.reason);
    }
  }

  #body(): HttpBody {
    const fields = {
      transferEncoding: this.#transferEncoding,
      contentLength: this.#contentLength,
    };
    if (this.#side === 'client') {
      if (this.#methods.length >= MAX_PIPELINED)
        return { kind: 'fault', reason: `More than ${MAX_PIPELINED} requests wait for an answer` };
      const [method = ''] = this.#first.split(' ', 1);
      this.#methods.push(method);
      return requestBody(fields);
    }
    const status = Number(this.#first.slice(9, 12));
    // An interim answer is followed by the final one to the same request.
    const isInterim = status < 200 && status !== 101;
    const method = (isInterim ? undefined : this.#twin?.answered()) ?? null;
    return responseBody(status, method, fields);
  }

  /** The method of the oldest request without an answer, which now has one. */
  answered(): string | undefined {
    return this.#methods.shift();
  }

  #chunk(): boolean {
    const line = this.#line(MAX_CHUNK_LINE);
    if (line === null) return false;
    const [digits = ''] = line.split(';', 1);
    if (!/^[\da-f]{1,12}[ \t]*$/i.test(digits)) {
      this.failed(`Expected the size of a chunk, found ${JSON.stringify(line.slice(0, 60))}`);
      return true;
    }
    const bytes = Number.parseInt(digits, 16);
    if (bytes === 0) this.#part = 'trailer';
    // The line end behind its bytes belongs to it.
    else this.#known += bytes + 2;
    this.#seen = this.#known;
    return true;
  }

  #trailerLine(): boolean {
    const line = this.#line(MAX_CHUNK_LINE);
    if (line === '') this.#part = 'whole';
    return line !== null;
  }

  /** The line at hand without its end, which may lack the CR (RFC 9112 section 2.2); null while it is not all there. */
  #line(limit: number): string | null {
    const start = this.#known;
    const end = this.stream.indexOf(LINE_FEED, Math.max(start, this.#seen));
    this.#seen = end < 0 ? Math.max(this.#seen, this.waiting) : end + 1;
    if (this.#seen - start > limit) this.failed(`A line is longer than ${limit} bytes`);
    if (end < 0) return null;
    this.#known = end + 1;
    const last = end > start && this.stream.byte(end - 1) === CARRIAGE_RETURN ? end - 1 : end;
    return latin1(this.stream.view(start, last), 0, last - start);
  }
}

const joined = (before: string | null, value: string): string =>
  before === null ? value.trim() : `${before},${value.trim()}`;
