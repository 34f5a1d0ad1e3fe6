// RFC 8446 section 7.1.
import { createHash, createHmac } from 'node:crypto';
import { concatBytes, fromLatin1, writeU16 } from '../../../wire/bytes.ts';
import type { CipherSuite } from './cipher-suite.ts';

const EMPTY = new Uint8Array(0);

/** RFC 5869 section 2.2. */
const extract = ({ hash }: CipherSuite, salt: Uint8Array, keys: Uint8Array): Uint8Array =>
  createHmac(hash, salt).update(keys).digest();

/** RFC 5869 section 2.3. */
function expand(
  { hash }: CipherSuite,
  key: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array {
  const blocks: Uint8Array[] = [];
  let last: Uint8Array = EMPTY;
  for (let size = 0; size < length; size += last.length) {
    const count = Uint8Array.of(blocks.length + 1);
    last = createHmac(hash, key).update(last).update(info).update(count).digest();
    blocks.push(last);
  }
  return concatBytes(...blocks).slice(0, length);
}

/** HKDF-Expand-Label. */
export function expandLabel(
  suite: CipherSuite,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Uint8Array {
  const name = fromLatin1(`tls13 ${label}`);
  const head = new Uint8Array(3);
  writeU16(head, 0, length);
  head[2] = name.length;
  return expand(
    suite,
    secret,
    concatBytes(head, name, Uint8Array.of(context.length), context),
    length,
  );
}

/** Derive-Secret, of the hash of the messages so far. */
const deriveSecret = (
  suite: CipherSuite,
  secret: Uint8Array,
  label: string,
  transcript: Uint8Array,
): Uint8Array => expandLabel(suite, secret, label, transcript, suite.hashLength);

export interface Secrets {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

export interface HandshakeSecrets extends Secrets {
  /** What the application's secrets come from. */
  readonly master: Uint8Array;
}

/** From the shared secret of the key exchange, and the hash up to ServerHello. */
export function handshakeSecrets(
  suite: CipherSuite,
  shared: Uint8Array,
  transcript: Uint8Array,
): HandshakeSecrets {
  const zeros = new Uint8Array(suite.hashLength);
  const nothing = createHash(suite.hash).digest();
  const early = extract(suite, zeros, zeros);
  const handshake = extract(suite, deriveSecret(suite, early, 'derived', nothing), shared);
  return {
    client: deriveSecret(suite, handshake, 'c hs traffic', transcript),
    server: deriveSecret(suite, handshake, 's hs traffic', transcript),
    master: extract(suite, deriveSecret(suite, handshake, 'derived', nothing), zeros),
  };
}

/** From the hash up to the server's Finished. */
export const applicationSecrets = (
  suite: CipherSuite,
  master: Uint8Array,
  transcript: Uint8Array,
): Secrets => ({
  client: deriveSecret(suite, master, 'c ap traffic', transcript),
  server: deriveSecret(suite, master, 's ap traffic', transcript),
});

/** The secret after a KeyUpdate (section 7.2). */
export const nextSecret = (suite: CipherSuite, secret: Uint8Array): Uint8Array =>
  expandLabel(suite, secret, 'traffic upd', EMPTY, suite.hashLength);

/** What a Finished message says (section 4.4.4). */
export const finishedData = (
  suite: CipherSuite,
  secret: Uint8Array,
  transcript: Uint8Array,
): Uint8Array => {
  const key = expandLabel(suite, secret, 'finished', EMPTY, suite.hashLength);
  return createHmac(suite.hash, key).update(transcript).digest();
};
