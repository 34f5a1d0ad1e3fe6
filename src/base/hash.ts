import { createHash } from 'node:crypto';

/** The SHA-256 of text or bytes, as 64 hexadecimal digits. Pure: the only `node:` module below the rim. */
export const sha256 = (value: string | Uint8Array): string =>
  createHash('sha256').update(value).digest('hex');
