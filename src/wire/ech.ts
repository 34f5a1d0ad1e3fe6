// The Encrypted Client Hello extension of random content: RFC 9849 section 6.2.
import { concatBytes, writeU16 } from './bytes.ts';
import { TLS_EXTENSION } from './tls.ts';
import type { TlsExtension } from './tls-build.ts';

export interface EchGrease {
  /** One random byte. */
  readonly configId: number;
  /** A public key of X25519: 32 bytes. */
  readonly encapsulatedKey: Uint8Array;
  /** Random bytes, as many as `echPayloadLength` says. */
  readonly payload: Uint8Array;
}

const OUTER = 0;
/** HKDF-SHA256 and AES-128-GCM (RFC 9180 section 7), which every client of ECH supports. */
const KDF = 0x0001;
const AEAD = 0x0001;
/** What AES-GCM adds. */
const TAG_LENGTH = 16;
/** Inner hellos are padded to multiples of this (section 6.1.3). */
const PADDING = 32;

/** One of the lengths that real inner hellos have: four of them, which a random byte chooses among. */
export const echPayloadLength = (choice: number): number =>
  TAG_LENGTH + PADDING * (4 + (choice & 3));

export function buildEchGrease({ configId, encapsulatedKey, payload }: EchGrease): TlsExtension {
  const head = new Uint8Array(8);
  head[0] = OUTER;
  writeU16(head, 1, KDF);
  writeU16(head, 3, AEAD);
  head[5] = configId;
  writeU16(head, 6, encapsulatedKey.length);
  const length = new Uint8Array(2);
  writeU16(length, 0, payload.length);
  const data = concatBytes(head, encapsulatedKey, length, payload);
  return { type: TLS_EXTENSION.encryptedClientHello, data };
}
