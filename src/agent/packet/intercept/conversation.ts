// What a censor says to the two ends of one connection that it has taken over: TLS with each, and between them what they say to each
// other. The server is asked first, so that the client is offered what it has chosen.
import { type Duplex, pipeline } from 'node:stream';
import { type TLSSocket, connect, createServer } from 'node:tls';
import type {
  InterceptionNews,
  InterceptionWish,
  TakenConnection,
} from '../../../roles/intercept/words.ts';
import { concatBytes } from '../../../wire/bytes.ts';
import { type ClientHello, readClientHello } from '../../../wire/tls.ts';
import { TalkReader } from './talk-reader.ts';
import type { Forger } from './forger.ts';
import { SideStream } from './side-stream.ts';

/** Until both have agreed on keys. */
const HANDSHAKE_LIMIT_MS = 30_000;

export interface ConversationParts {
  readonly id: number;
  readonly connection: TakenConnection;
  readonly forger: Forger;
  readonly give: (wish: InterceptionWish) => void;
  readonly log: (line: string) => void;
  readonly onOver: () => void;
}

export class Conversation {
  readonly #parts: ConversationParts;
  readonly #client: SideStream;
  readonly #server: SideStream;
  /** What the client has said while its ClientHello is not whole; null afterwards. */
  #opening: Uint8Array | null = new Uint8Array(0);
  readonly #limit: NodeJS.Timeout;
  #isJoined = false;
  #isOver = false;

  constructor(parts: ConversationParts) {
    this.#parts = parts;
    this.#client = new SideStream(parts.id, 'client', parts.give);
    this.#server = new SideStream(parts.id, 'server', parts.give);
    this.#limit = setTimeout(() => this.#fail('no handshake in time'), HANDSHAKE_LIMIT_MS).unref();
    for (const stream of [this.#client, this.#server]) {
      // Whoever reads from it says what went wrong.
      stream.on('error', () => undefined);
      stream.on('close', () => this.#noteClosed());
    }
    // Once TLS has read what was said before: an alert tells more.
    this.#client.on('end', () => setImmediate(() => this.#noteSilence()));
  }

  hear(news: Exclude<InterceptionNews, { kind: 'open' }>): void {
    const stream = news.side === 'client' ? this.#client : this.#server;
    switch (news.kind) {
      case 'data':
        if (this.#opening !== null && news.side === 'client') this.#open(news.bytes, this.#opening);
        else stream.arrive(news.bytes);
        return;
      case 'sent':
        stream.noteSent(news.bytes);
        return;
      case 'end':
        if (this.#opening !== null) this.#fail('over before it began');
        else stream.arriveEnd();
        return;
      case 'gone':
        this.#fail(`${news.side} is gone: ${news.how}`);
    }
  }

  /** Nothing is said any more. */
  abandon(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#limit);
    this.#client.reset();
    this.#server.reset();
    this.#parts.onOver();
  }

  #open(bytes: Uint8Array, before: Uint8Array): void {
    const opening = concatBytes(before, bytes);
    const reading = readClientHello(opening, 0, opening.length);
    this.#opening = reading.kind === 'more' ? opening : null;
    if (reading.kind === 'more') return;
    this.#client.arrive(opening);
    if (reading.kind === 'client-hello') this.#askServer(reading.hello);
    else this.#join(this.#client, this.#server, `not TLS (${reading.reason})`);
  }

  /** Opens TLS to the server, as the client would have. Its certificate is noted, whatever it is. */
  #askServer({ serverName, alpn }: ClientHello): void {
    const server = connect({
      socket: this.#server,
      rejectUnauthorized: false,
      ...(serverName !== null && { servername: serverName }),
      ...(alpn.length > 0 && { ALPNProtocols: [...alpn] }),
    });
    server.on('error', (error: Error) => this.#fail(`no TLS with the server: ${reasonOf(error)}`));
    server.once('secureConnect', () => {
      const certificate = server.getPeerX509Certificate();
      const { log } = this.#parts;
      log(`name ${serverName ?? '(none)'}, protocol ${chosenBy(server) ?? '(none)'}`);
      log(
        `the server shows "${certificate?.subject ?? ''}", issued by "${certificate?.issuer ?? ''}"`.replace(
          /\n/g,
          ', ',
        ),
      );
      this.#answerClient(server, serverName);
    });
  }

  #answerClient(server: TLSSocket, serverName: string | null): void {
    const { forger, connection } = this.#parts;
    const protocol = chosenBy(server);
    const name = serverName ?? connection.server;
    const { key, certificate } = forger.credentialsFor(name, connection.action.authority);
    const listener = createServer({
      ...{ key, cert: certificate },
      ...(protocol !== null && { ALPNProtocols: [protocol] }),
    });
    listener.on('tlsClientError', (error: Error) => {
      this.#parts.log(`no TLS with the client: ${reasonOf(error)}`);
      server.destroy();
    });
    listener.once('secureConnection', (client) => this.#join(client, server, `as "${name}"`));
    listener.emit('connection', this.#client);
  }

  /** From here on the two speak through us. */
  #join(client: Duplex, server: Duplex, how: string): void {
    const { log } = this.#parts;
    this.#isJoined = true;
    clearTimeout(this.#limit);
    log(`joined ${how}`);
    const talk = new TalkReader(log);
    client.on('data', (bytes: Buffer) => talk.hearClient(bytes));
    server.on('data', (bytes: Buffer) => talk.hearServer(bytes));
    pipeline(client, server, () => undefined);
    pipeline(server, client, () => talk.end());
  }

  #noteSilence(): void {
    if (!this.#isJoined) this.#fail('the client has left before there were keys');
  }

  #fail(why: string): void {
    if (this.#isOver) return;
    this.#parts.log(why);
    this.abandon();
  }

  #noteClosed(): void {
    if (this.#isOver || !this.#client.closed || !this.#server.closed) return;
    this.#isOver = true;
    clearTimeout(this.#limit);
    this.#parts.onOver();
  }
}

/** The application protocol, if there is one. */
const chosenBy = ({ alpnProtocol }: TLSSocket): string | null =>
  typeof alpnProtocol === 'string' ? alpnProtocol : null;

/** OpenSSL's own word, where it is one of its errors: messages hold where in its sources that was. */
const reasonOf = (error: Error): string =>
  'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
