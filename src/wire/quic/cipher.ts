// The cryptography that QUIC Initial packets are made of (RFC 9001 section 5). Pure, though it is of a `node:` module.
import { createCipheriv, createDecipheriv } from 'node:crypto';

/** What AES-GCM adds. */
export const TAG_LENGTH = 16;

/** One block of AES-128: 16 bytes. */
export const encryptBlock = (key: Uint8Array, block: Uint8Array): Uint8Array =>
  createCipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(block);

/** AES-128-GCM: what `sealed`, tag included, holds; null when it does not authenticate. */
export function openSealed(
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | null {
  if (sealed.length < TAG_LENGTH) return null;
  const tagStart = sealed.length - TAG_LENGTH;
  const decipher = createDecipheriv('aes-128-gcm', key, nonce, { authTagLength: TAG_LENGTH });
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(tagStart));
  const opened = decipher.update(sealed.subarray(0, tagStart));
  try {
    decipher.final();
  } catch {
    return null;
  }
  return opened;
}
