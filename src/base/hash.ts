import { createHash } from 'node:crypto';

/** The SHA-256 of text or bytes, as 64 hexadecimal digits. Pure: with `wire/quic/cipher.ts` all that imports `node:` below the rim. */
export const sha256 = (value: string | Uint8Array): string =>
  createHash('sha256').update(value).digest('hex');
