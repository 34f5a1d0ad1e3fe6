// The public half of a key file, without its passphrase.
import type { ParsedKey } from 'ssh2';
import { parseKey } from './parse-key.ts';

/** From the private file itself where it tells it, else from the `.pub` file beside it; null when neither does. */
export function publicHalf(
  privateText: string | null,
  publicText: string | null,
): ParsedKey | null {
  const open = privateText === null ? null : parseOne(privateText);
  if (open !== null) return open;
  const blob = privateText === null ? null : publicBlob(privateText);
  return (
    (blob === null ? null : parseOne(blob)) ?? (publicText === null ? null : parseOne(publicText))
  );
}

function parseOne(data: string | Buffer): ParsedKey | null {
  const key = parseKey(data);
  return key instanceof Error ? null : key;
}

const MAGIC = 'openssh-key-v1\0';

/**
 * The public key in OpenSSH's own format, where it stands in the clear (PROTOCOL.key): magic, cipher, KDF and its options as
 * strings, the number of keys, the public key.
 */
function publicBlob(text: string): Buffer | null {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(text)?.[1];
  if (body === undefined) return null;
  const data = Buffer.from(body, 'base64');
  if (data.toString('latin1', 0, MAGIC.length) !== MAGIC) return null;
  let at = MAGIC.length;
  const skip = (): Buffer | null => {
    if (at + 4 > data.length) return null;
    const start = at + 4;
    at = start + data.readUInt32BE(at);
    return at > data.length ? null : data.subarray(start, at);
  };
  if (skip() === null || skip() === null || skip() === null) return null;
  at += 4;
  return skip();
}
