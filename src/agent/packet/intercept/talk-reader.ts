// What the two ends of an intercepted connection say to each other, for the censor's log: request lines, hosts and statuses of HTTP/1, and
// how many bytes there were of anything. Neither bodies nor query strings, which may hold secrets.
import { DEFAULT_REASSEMBLY } from '../../../model/censor-defaults.ts';
import { ClientStream } from '../../../roles/censor/inspect/client-stream.ts';
import { Inspector } from '../../../roles/censor/inspect/inspector.ts';
import type { Message } from '../../../roles/censor/inspect/message.ts';
import { addSequence } from '../../../wire/tcp.ts';

const STATUS = /^HTTP\/1\.[01] (\d{3})/;
const STATUS_LENGTH = 12;

export class TalkReader {
  readonly #log: (line: string) => void;
  readonly #stream = new ClientStream(0, DEFAULT_REASSEMBLY);
  readonly #inspector = new Inspector(['http'], DEFAULT_REASSEMBLY);
  #isHttp = true;
  #sequence = 0;
  #fromClient = 0;
  #fromServer = 0;
  #hasEnded = false;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  hearClient(bytes: Uint8Array): void {
    this.#fromClient += bytes.length;
    if (!this.#isHttp) return;
    const { length } = bytes;
    const goesOn = this.#stream.add(this.#sequence, bytes, 0, length);
    this.#sequence = addSequence(this.#sequence, length);
    if (!goesOn) return;
    const messages: Message[] = [];
    this.#isHttp = this.#inspector.read(this.#stream, messages);
    if (this.#isHttp) this.#stream.settle();
    for (const message of messages)
      if (message.layer === 'http') {
        const { method, path, version, host } = message.head;
        // What begins like a request is the preface of HTTP/2 (RFC 9113 section 3.4): frames follow.
        if (version === '2.0') this.#isHttp = false;
        else this.#log(`> ${method} ${withoutQuery(path)} HTTP/${version} of ${host}`);
      }
  }

  /** A response begins where a record does: servers write it so. */
  hearServer(bytes: Uint8Array): void {
    this.#fromServer += bytes.length;
    const status = STATUS.exec(Buffer.from(bytes.subarray(0, STATUS_LENGTH)).toString('latin1'));
    if (status) this.#log(`< ${status[1] ?? ''}`);
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#log(`${this.#fromClient} bytes of the client, ${this.#fromServer} of the server`);
  }
}

const withoutQuery = (path: string): string => path.replace(/\?.*/s, '?…');
