// The hook of a mirror, with the cryptography of Node for what it needs.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type { MirrorHookSpec } from '../../model/mirror.ts';
import type { MakeHook } from '../../roles/mirror/hook.ts';
import type { PostgresCrypto } from '../../roles/mirror/postgres/crypto.ts';
import { Reauthentication } from '../../roles/mirror/postgres/reauthenticate.ts';

const CRYPTO: PostgresCrypto = {
  md5: (bytes) => createHash('md5').update(bytes).digest(),
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  hmac: (key, bytes) => createHmac('sha256', key).update(bytes).digest(),
  pbkdf2: (password, salt, iterations) => pbkdf2Sync(password, salt, iterations, 32, 'sha256'),
  nonce: () => randomBytes(18).toString('base64'),
};

/** `passwords` by user; `*`: of all others. */
export function makeHookOf(
  spec: MirrorHookSpec | null,
  passwords: Readonly<Record<string, string>>,
): MakeHook | null {
  if (spec === null) return null;
  const known = new Map(Object.entries(passwords));
  const passwordOf = (user: string): Uint8Array | null => {
    // As the message has it: a byte a character.
    const name = Buffer.from(user, 'latin1').toString('utf8');
    const password = known.get(name) ?? known.get('*');
    return password === undefined ? null : Buffer.from(password, 'utf8');
  };
  return (output) => new Reauthentication({ passwordOf, crypto: CRYPTO }, output);
}
