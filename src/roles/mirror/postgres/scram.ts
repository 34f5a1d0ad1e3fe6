// The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding, as PostgreSQL has it: the user's name is that of the
// StartupMessage and is left empty here.
import { decodeBase64, encodeBase64 } from '../../../base/base64.ts';
import { fromLatin1 } from '../../../wire/bytes.ts';
import type { PostgresCrypto } from './crypto.ts';

export const SCRAM = 'SCRAM-SHA-256';
/** No channel binding, no other identity. */
const HEADER = 'n,,';
/** More would hold up every other session; PostgreSQL's own default is 4096. */
const MOST_ITERATIONS = 1_000_000;

/** An answer, or why there is none. */
export type ScramStep = { readonly say: string } | { readonly fault: string };

export class ScramClient {
  readonly #crypto: PostgresCrypto;
  readonly #password: Uint8Array;
  readonly #first: string;
  readonly #nonce: string;
  /** Base64 of what proves that the server knows the password too. */
  #serverSignature: string | null = null;

  /** `password`: UTF-8. */
  constructor(password: Uint8Array, crypto: PostgresCrypto) {
    this.#crypto = crypto;
    this.#password = password;
    this.#nonce = crypto.nonce();
    this.#first = `n=,r=${this.#nonce}`;
  }

  /** client-first-message. */
  get first(): string {
    return `${HEADER}${this.#first}`;
  }

  /** client-final-message, to a server-first-message. */
  final(serverFirst: string): ScramStep {
    const fields = fieldsOf(serverFirst);
    const nonce = fields.get('r') ?? '';
    const salt = decodeBase64(fields.get('s') ?? '');
    const iterations = Number(fields.get('i'));
    if (!nonce.startsWith(this.#nonce) || nonce === this.#nonce)
      return { fault: "The server's nonce does not go on from the client's" };
    if (salt === undefined || salt.length === 0) return { fault: "The server's salt is none" };
    if (!Number.isInteger(iterations) || iterations < 1 || iterations > MOST_ITERATIONS)
      return {
        fault: `Expected up to ${MOST_ITERATIONS} iterations, found ${fields.get('i') ?? ''}`,
      };
    return { say: this.#prove(serverFirst, nonce, salt, iterations) };
  }

  /** Why a server-final-message is not one of a server that knows the password, or null. */
  refuse(serverFinal: string): string | null {
    const signature = fieldsOf(serverFinal).get('v') ?? '';
    if (signature === this.#serverSignature) return null;
    return 'The server does not know the password';
  }

  /** RFC 5802 section 3. */
  #prove(serverFirst: string, nonce: string, salt: Uint8Array, iterations: number): string {
    const { hmac, sha256, pbkdf2 } = this.#crypto;
    const withoutProof = `c=${encodeBase64(fromLatin1(HEADER))},r=${nonce}`;
    const message = fromLatin1(`${this.#first},${serverFirst},${withoutProof}`);
    const salted = pbkdf2(this.#password, salt, iterations);
    const clientKey = hmac(salted, fromLatin1('Client Key'));
    const signature = hmac(sha256(clientKey), message);
    this.#serverSignature = encodeBase64(hmac(hmac(salted, fromLatin1('Server Key')), message));
    const proof = clientKey.map((byte, index) => byte ^ (signature[index] ?? 0));
    return `${withoutProof},p=${encodeBase64(proof)}`;
  }
}

/** `r=…,s=…,i=…`: a value may hold further `=`. */
const fieldsOf = (message: string): ReadonlyMap<string, string> =>
  new Map(message.split(',').map((field) => [field.slice(0, 1), field.slice(2)]));
