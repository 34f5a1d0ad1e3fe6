import { generateKeyPairSync } from 'node:crypto';

/** A pair of X25519 keys (RFC 7748) as wg(8) writes them: base64 of 32 bytes each. */
export interface WireguardKeys {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** A new pair, by the system's source of randomness; what `wg genkey` and `wg pubkey` do. */
export function generateKeyPair(): WireguardKeys {
  const { privateKey, publicKey } = generateKeyPairSync('x25519', {
    privateKeyEncoding: { format: 'der', type: 'pkcs8' },
    publicKeyEncoding: { format: 'der', type: 'spki' },
  });
  return { privateKey: rawKey(privateKey), publicKey: rawKey(publicKey) };
}

/** RFC 8410: in both encodings of an X25519 key the 32 bytes of the key itself come last. */
const rawKey = (der: Buffer): string => der.subarray(-32).toString('base64');
