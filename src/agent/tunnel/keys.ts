// The keys of a tunnel's ends. They are drawn from the lab's authority, whose key is random and nowhere but in the memory of the
// lab's agents: so each machine of a lab knows the other end's public key, and nobody need carry it.
import { createPrivateKey, createPublicKey, hkdfSync } from 'node:crypto';
import type { AuthorityKey } from '../../model/rpc.ts';

/** X25519 (RFC 7748), each as wg(8) writes it: base64 of 32 bytes. */
export interface EndKeys {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** All that comes before the key itself in PKCS #8 (RFC 8410 section 7). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex');
const KEY_LENGTH = 32;

export function deriveKeys(
  authority: Pick<AuthorityKey, 'privateKey'>,
  tunnel: string,
  end: 'client' | 'server',
): EndKeys {
  const purpose = `WireGuard ${end} of ${tunnel}`;
  const secret = Buffer.from(hkdfSync('sha256', authority.privateKey, '', purpose, KEY_LENGTH));
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, secret]),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  // RFC 8410: the 32 bytes of the key itself come last.
  const publicKey = spki.subarray(-KEY_LENGTH).toString('base64');
  return { privateKey: secret.toString('base64'), publicKey };
}
