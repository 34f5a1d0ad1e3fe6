// Keys of Initial packets: anyone who sees the first one can derive them (RFC 9001 section 5.2, RFC 9369 section 3.3).
import { concatBytes, fromLatin1 } from '../bytes.ts';
import { HmacKey } from './hmac.ts';
import { QUIC_VERSION } from './header.ts';

export interface InitialKeys {
  /** AES-128-GCM: 16 bytes, and 12 to make nonces of. */
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  /** Header protection: 16 bytes. */
  readonly hp: Uint8Array;
}

const SALT_V1 = new HmacKey(
  Uint8Array.of(
    ...[0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17],
    ...[0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a],
  ),
);
const SALT_V2 = new HmacKey(
  Uint8Array.of(
    ...[0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93],
    ...[0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9],
  ),
);
const SECRET_LENGTH = 32;
const INFO = {
  client: hkdfLabel('client in', SECRET_LENGTH),
  server: hkdfLabel('server in', SECRET_LENGTH),
};
const INFO_V1 = packetInfo('quic');
const INFO_V2 = packetInfo('quicv2');

/** `destinationId` is that of the client's first Initial, or of its first after a Retry; `side` is who sends. */
export function deriveInitialKeys(
  version: number,
  destinationId: Uint8Array,
  side: 'client' | 'server',
): InitialKeys {
  const isV2 = version === QUIC_VERSION.v2;
  const initial = new HmacKey((isV2 ? SALT_V2 : SALT_V1).sign(destinationId));
  const secret = new HmacKey(initial.sign(INFO[side]));
  const info = isV2 ? INFO_V2 : INFO_V1;
  return {
    key: secret.sign(info.key).subarray(0, 16),
    iv: secret.sign(info.iv).subarray(0, 12),
    hp: secret.sign(info.hp).subarray(0, 16),
  };
}

function packetInfo(prefix: string): {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly hp: Uint8Array;
} {
  return {
    key: hkdfLabel(`${prefix} key`, 16),
    iv: hkdfLabel(`${prefix} iv`, 12),
    hp: hkdfLabel(`${prefix} hp`, 16),
  };
}

/**
 * HKDF-Expand-Label without context (RFC 8446 section 7.1), and the counter of the one block that HKDF-Expand needs for up to 32 bytes
 * (RFC 5869 section 2.3).
 */
function hkdfLabel(label: string, length: number): Uint8Array {
  const name = fromLatin1(`tls13 ${label}`);
  return concatBytes(Uint8Array.of(0, length, name.length), name, Uint8Array.of(0, 1));
}
