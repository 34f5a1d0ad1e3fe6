import { createHash } from 'node:crypto';
import type { TcpDigest } from '../../wire/tcp-md5.ts';

/** Signs segments with a key (RFC 2385). */
export const digestWith =
  (key: string): TcpDigest =>
  (signed) =>
    createHash('md5').update(signed).update(key).digest();
