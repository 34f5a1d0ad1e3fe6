// A key of any format that ssh2 reads.
import ssh2 from 'ssh2';
import type { ParsedKey } from 'ssh2';

/** The key, or why it cannot be read. A file of several keys, which ssh2's types do not know, gives its first. */
export function parseKey(data: Buffer | string, passphrase?: string): ParsedKey | Error {
  const parsed: ParsedKey | Error | readonly ParsedKey[] = ssh2.utils.parseKey(data, passphrase);
  return isList(parsed) ? (parsed[0] ?? new Error('no key in it')) : parsed;
}

const isList = (parsed: unknown): parsed is readonly ParsedKey[] => Array.isArray(parsed);
