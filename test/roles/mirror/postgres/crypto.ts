import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type { PostgresCrypto } from '../../../../src/roles/mirror/postgres/crypto.ts';

/** Node's, with a nonce that is always the same. */
export const crypto = (nonce: string): PostgresCrypto => ({
  md5: (bytes) => createHash('md5').update(bytes).digest(),
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  hmac: (key, bytes) => createHmac('sha256', key).update(bytes).digest(),
  pbkdf2: (password, salt, iterations) => pbkdf2Sync(password, salt, iterations, 32, 'sha256'),
  nonce: () => nonce,
});
