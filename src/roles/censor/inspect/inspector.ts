// Finds what rules look at in a client's TCP stream, by content and on any port: one TLS ClientHello, every HTTP/1 request, the start of
// SSH, every DNS query with its length prefix (RFC 1035 section 4.2.2).
import type { CensorReassembly } from '../../../model/censor.ts';
import { DNS_HEADER_LENGTH } from '../../../wire/dns.ts';
import { latin1, readU16 } from '../../../wire/bytes.ts';
import { readClientHello } from '../../../wire/tls.ts';
import { type HttpRequestHead, readHttpRequest } from '../../../wire/http.ts';
import { readSshIdentification, readSshKeyExchange } from '../../../wire/ssh.ts';
import { looksLikeQuery, readDnsQuery } from './dns-query.ts';
import type { ClientStream } from './client-stream.ts';
import type { Layer, Message } from './message.ts';

/** Segments after which a message that is still not whole is given up: bounds the work on streams cut into single bytes. */
const MAX_LOOKS = 2048;
/** A chunk size line has at most 16 digits and some extensions (RFC 9112 section 7.1). */
const MAX_CHUNK_LINE = 1024;

/** `more`: may find something later. `done`: nothing in this stream can interest any more. `found`: look again. */
type Step = 'more' | 'done' | 'found';

export class Inspector {
  readonly #wanted: readonly Layer[];
  readonly #reassembly: CensorReassembly;
  /** What the stream may still turn out to be. */
  #candidates: readonly Layer[];
  #looks = 0;
  #sshVersion: string | null = null;
  #chunked: 'no' | 'size' | 'trailers' = 'no';

  constructor(wanted: readonly Layer[], reassembly: CensorReassembly) {
    this.#wanted = wanted;
    this.#reassembly = reassembly;
    this.#candidates = wanted;
  }

  /** Adds what the stream's window holds to `messages`. False when it need not be called again. */
  read(stream: ClientStream, messages: Message[]): boolean {
    this.#looks += 1;
    if (!this.#reassembly.tcp) return this.#readSegment(stream, messages);
    while (stream.start < stream.end) {
      const step = this.#step(stream, messages);
      if (step === 'done' || stream.overflowed) return false;
      if (step === 'more') return this.#looks < MAX_LOOKS;
      this.#looks = 0;
    }
    return true;
  }

  /** Reads a segment as if nothing had come before it and nothing followed. */
  #readSegment(stream: ClientStream, messages: Message[]): boolean {
    this.#candidates = this.#wanted;
    this.#chunked = 'no';
    this.#sshVersion = null;
    const before = messages.length;
    while (stream.start < stream.end && this.#step(stream, messages) === 'found');
    if (messages.length > before) this.#looks = 0;
    return this.#looks < MAX_LOOKS;
  }

  #step(stream: ClientStream, messages: Message[]): Step {
    if (this.#chunked !== 'no') return this.#readChunkLine(stream);
    const remaining: Layer[] = [];
    for (const layer of this.#candidates) {
      const step = this.#readAs(layer, stream, messages);
      if (step === 'found') this.#candidates = [layer];
      if (step === 'found' || (step === 'done' && messages.length > 0)) return step;
      if (step === 'more') remaining.push(layer);
    }
    this.#candidates = remaining;
    return remaining.length === 0 ? 'done' : 'more';
  }

  #readAs(layer: Layer, stream: ClientStream, messages: Message[]): Step {
    switch (layer) {
      case 'tls':
        return this.#readTls(stream, messages);
      case 'http':
        return this.#readHttp(stream, messages);
      case 'dns':
        return readDns(stream, messages);
      case 'ssh':
        return this.#readSsh(stream, messages);
      case 'quic':
        return 'done';
    }
  }

  #readTls(stream: ClientStream, messages: Message[]): Step {
    const { memory, start, end } = stream;
    const reading = readClientHello(memory, start, end, this.#reassembly.tlsRecord);
    if (reading.kind === 'more') return 'more';
    if (reading.kind === 'client-hello') messages.push({ layer: 'tls', hello: reading.hello });
    return 'done';
  }

  #readHttp(stream: ClientStream, messages: Message[]): Step {
    const reading = readHttpRequest(stream.memory, stream.start, stream.end);
    if (reading.kind === 'more') return 'more';
    if (reading.kind === 'not-http') return 'done';
    messages.push({ layer: 'http', head: reading.head });
    stream.consume(reading.length);
    return this.#passBody(reading.head.body, stream);
  }

  /** The identification line, then the key exchange, after which all is encrypted. */
  #readSsh(stream: ClientStream, messages: Message[]): Step {
    const { memory, start, end } = stream;
    if (this.#sshVersion === null) {
      const line = readSshIdentification(memory, start, end);
      if (line.kind !== 'found') return line.kind === 'more' ? 'more' : 'done';
      this.#sshVersion = line.value;
      messages.push({ layer: 'ssh', version: line.value, kex: [] });
      stream.consume(line.length);
      return 'found';
    }
    const exchange = readSshKeyExchange(memory, start, end);
    if (exchange.kind === 'more') return 'more';
    if (exchange.kind === 'found')
      messages.push({ layer: 'ssh', version: this.#sshVersion, kex: exchange.value });
    return 'done';
  }

  #passBody(body: HttpRequestHead['body'], stream: ClientStream): Step {
    if (body === 'tunnel') return 'done';
    if (body === 'chunked') this.#chunked = 'size';
    else stream.consume(body);
    return 'found';
  }

  /** Passes over one chunk, or one line of the trailer section. */
  #readChunkLine(stream: ClientStream): Step {
    const window = stream.memory.subarray(stream.start, stream.end);
    const length = window.indexOf(0x0a) + 1;
    if (length === 0) return window.length > MAX_CHUNK_LINE ? 'done' : 'more';
    const line = latin1(window, 0, length).trim();
    stream.consume(length);
    if (this.#chunked === 'trailers') {
      if (line === '') this.#chunked = 'no';
      return 'found';
    }
    const digits = /^[0-9a-f]{1,12}/i.exec(line);
    if (!digits) return 'done';
    const size = Number.parseInt(digits[0], 16);
    if (size === 0) this.#chunked = 'trailers';
    else stream.consume(size + 2);
    return 'found';
  }
}

function readDns(stream: ClientStream, messages: Message[]): Step {
  const here = stream.end - stream.start;
  if (here < 2) return 'more';
  const length = readU16(stream.memory, stream.start);
  const message = stream.memory.subarray(
    stream.start + 2,
    Math.min(stream.end, stream.start + 2 + length),
  );
  if (length < DNS_HEADER_LENGTH) return 'done';
  if (message.length < DNS_HEADER_LENGTH) return 'more';
  if (!looksLikeQuery(message)) return 'done';
  if (message.length < length) return 'more';
  const query = readDnsQuery(message);
  if (query === null) return 'done';
  messages.push({ layer: 'dns', query });
  stream.consume(2 + length);
  return 'found';
}
