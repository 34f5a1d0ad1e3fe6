import { createECDH, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import { TLS_GROUP } from '../../../wire/tls.ts';
import type { KeyShare } from '../../../wire/tls-build.ts';
import { TlsFault } from './tls-fault.ts';

export interface KeyExchange {
  readonly share: KeyShare;
  /** The secret shared with whoever has this public key; throws a `TlsFault` when it is none. */
  agree(key: Uint8Array): Uint8Array;
}

/** A key of the group; undefined for groups that were not offered. */
export function createKeyExchange(group: number): KeyExchange | undefined {
  switch (group) {
    case TLS_GROUP.x25519:
      return x25519();
    case TLS_GROUP.secp256r1:
      return onCurve(group, 'prime256v1');
    case TLS_GROUP.secp384r1:
      return onCurve(group, 'secp384r1');
    default:
      return undefined;
  }
}

/** RFC 7748; node:crypto takes and gives the bytes of a key as JWK alone (RFC 8037). */
function x25519(): KeyExchange {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return {
    share: { group: TLS_GROUP.x25519, key: Uint8Array.from(Buffer.from(x, 'base64url')) },
    agree: (key) =>
      agreeing(() => {
        const jwk = { kty: 'OKP', crv: 'X25519', x: Buffer.from(key).toString('base64url') };
        const theirs = createPublicKey({ key: jwk, format: 'jwk' });
        return diffieHellman({ privateKey, publicKey: theirs });
      }),
  };
}

function onCurve(group: number, curve: string): KeyExchange {
  const own = createECDH(curve);
  return {
    share: { group, key: own.generateKeys() },
    agree: (key) => agreeing(() => own.computeSecret(key)),
  };
}

function agreeing(compute: () => Uint8Array): Uint8Array {
  try {
    return compute();
  } catch {
    throw new TlsFault('ERR_SSL_BAD_KEY_SHARE', 'The key share of the server is no public key');
  }
}
