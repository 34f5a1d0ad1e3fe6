// PostgreSQL's messages (protocol 3.0, PostgreSQL documentation "Frontend/Backend Protocol"): told apart in a stream of either side, read
// as far as authentication and results need, and built.
import { concatBytes, fromLatin1, latin1, readU32, readU8, writeU32 } from './bytes.ts';
import { StreamFramer } from './protocol/frame/stream-framer.ts';

/** What follows the length of a client's first message: requests for encryption, or the protocol's version. */
const CODE = { cancel: 80_877_102, ssl: 80_877_103, gss: 80_877_104 } as const;
/** Of messages that are read: the server's own limit for one field is 1 GiB. */
const LONGEST = 0x4000_0000;

/** The type byte of a message, or what a message without one is. */
export type PostgresType =
  | { readonly kind: 'letter'; readonly letter: string }
  | { readonly kind: 'startup' | 'ssl-request' | 'gss-request' | 'cancel-request' }
  /** The one byte with which a server answers a request for encryption. */
  | { readonly kind: 'encryption-reply' };

export class PostgresFramer extends StreamFramer {
  /** Of the message that `next` gave last. */
  type: PostgresType = { kind: 'startup' };
  readonly #isClient: boolean;
  #isBeginning = true;
  #replies = 0;
  #front: PostgresType = { kind: 'startup' };

  constructor(side: 'client' | 'server') {
    super();
    this.#isClient = side === 'client';
  }

  /** The client has asked for encryption: the server's next byte is no message. */
  awaitReply(): void {
    this.#replies += 1;
  }

  protected override measure(): number | null {
    if (this.#replies > 0) {
      this.#front = { kind: 'encryption-reply' };
      return 1;
    }
    const isStartup = this.#isClient && this.#isBeginning;
    const at = isStartup ? 0 : 1;
    if (this.waiting < at + (isStartup ? 8 : 4)) return null;
    const head = this.stream.view(0, at + (isStartup ? 8 : 4));
    const length = readU32(head, at);
    if (length < (isStartup ? 8 : 4) || length > LONGEST)
      return this.failed(`A message of ${length} bytes is none of PostgreSQL`);
    const kind = isStartup ? startupKind(readU32(head, 4)) : null;
    if (kind === undefined)
      return this.failed('The client speaks neither PostgreSQL 3 nor a request for encryption');
    this.#front =
      kind === null ? { kind: 'letter', letter: String.fromCharCode(readU8(head, 0)) } : { kind };
    return at + length;
  }

  protected override taken(): void {
    this.type = this.#front;
    if (this.type.kind === 'encryption-reply') this.#replies -= 1;
    if (this.type.kind === 'startup') this.#isBeginning = false;
  }
}

function startupKind(
  code: number,
): 'startup' | 'ssl-request' | 'gss-request' | 'cancel-request' | undefined {
  if (code === CODE.ssl) return 'ssl-request';
  if (code === CODE.gss) return 'gss-request';
  if (code === CODE.cancel) return 'cancel-request';
  return code >>> 16 === 3 ? 'startup' : undefined;
}

/** What follows type and length. */
export const postgresBody = (message: Uint8Array): Uint8Array => message.subarray(5);

/** Parameters of a StartupMessage, such as `user` and `database`. */
export function readStartup(message: Uint8Array): ReadonlyMap<string, string> {
  const words = latin1(message, 8, message.length).split('\0');
  const parameters = new Map<string, string>();
  for (let index = 0; index + 1 < words.length; index += 2) {
    const name = words[index] ?? '';
    if (name === '') break;
    parameters.set(name, words[index + 1] ?? '');
  }
  return parameters;
}

/** An AuthenticationRequest ('R'): what the server wants. */
export type PostgresAuthentication =
  | { readonly kind: 'ok' | 'cleartext' }
  | { readonly kind: 'md5'; readonly salt: Uint8Array }
  | { readonly kind: 'sasl'; readonly mechanisms: readonly string[] }
  | { readonly kind: 'sasl-continue' | 'sasl-final'; readonly data: string }
  | { readonly kind: 'other'; readonly code: number };

export function readAuthentication(message: Uint8Array): PostgresAuthentication {
  const body = postgresBody(message);
  const code = readU32(body, 0);
  const rest = body.subarray(4);
  switch (code) {
    case 0:
      return { kind: 'ok' };
    case 3:
      return { kind: 'cleartext' };
    case 5:
      return { kind: 'md5', salt: rest.slice(0, 4) };
    case 10:
      return { kind: 'sasl', mechanisms: texts(rest) };
    case 11:
      return { kind: 'sasl-continue', data: latin1(rest, 0, rest.length) };
    case 12:
      return { kind: 'sasl-final', data: latin1(rest, 0, rest.length) };
    default:
      return { kind: 'other', code };
  }
}

/** Fields of an ErrorResponse ('E') by their letters: `C` SQLSTATE, `M` message. */
export function readErrorFields(message: Uint8Array): ReadonlyMap<string, string> {
  return new Map(texts(postgresBody(message)).map((text) => [text.slice(0, 1), text.slice(1)]));
}

/** The tag of a CommandComplete ('C'), such as `SELECT 3`. */
export const readCommandTag = (message: Uint8Array): string =>
  texts(postgresBody(message))[0] ?? '';

export const buildPasswordMessage = (password: Uint8Array): Uint8Array =>
  buildMessage('p', password, Uint8Array.of(0));

/** SASLInitialResponse. */
export const buildSaslInitial = (mechanism: string, response: Uint8Array): Uint8Array =>
  buildMessage('p', fromLatin1(`${mechanism}\0`), u32(response.length), response);

/** SASLResponse. */
export const buildSaslResponse = (response: Uint8Array): Uint8Array => buildMessage('p', response);

/** A message with its type, and its parts one after the other. */
export function buildMessage(letter: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(...parts);
  return concatBytes(fromLatin1(letter), u32(body.length + 4), body);
}

/** A StartupMessage of protocol 3.0. */
export function buildStartup(parameters: Readonly<Record<string, string>>): Uint8Array {
  const words = Object.entries(parameters).flatMap(([name, value]) => [name, value]);
  const body = fromLatin1(`${[...words, ''].join('\0')}\0`);
  return concatBytes(u32(body.length + 8), u32(3 << 16), body);
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  writeU32(bytes, 0, value);
  return bytes;
}

/** Texts that each end with a zero byte, up to an empty one. */
function texts(bytes: Uint8Array): string[] {
  const all = latin1(bytes, 0, bytes.length).split('\0');
  const end = all.indexOf('');
  return end < 0 ? all : all.slice(0, end);
}
