// The public key by which a machine is known: its type, its fingerprint and the algorithms that ask for it.
import { createHash } from 'node:crypto';

export interface HostKey {
  /** As in known_hosts: `ssh-ed25519`. */
  readonly type: string;
  /** Base64 of the key's blob (RFC 4253 section 6.6). */
  readonly base64: string;
}

/** The key in a blob as it comes from the wire, which begins with its type. */
export function readHostKey(blob: Buffer): HostKey {
  const length = blob.length < 4 ? 0 : blob.readUInt32BE(0);
  return { type: blob.toString('latin1', 4, 4 + length), base64: blob.toString('base64') };
}

/** `SHA256:…`, as ssh and ssh-keygen print it. */
export const fingerprint = ({ base64 }: HostKey): string =>
  `SHA256:${createHash('sha256').update(base64, 'base64').digest('base64').replace(/=+$/, '')}`;

/** Signature algorithms by type of key; none with SHA-1, as with OpenSSH since 8.8. */
const ALGORITHMS = [
  ['ssh-ed25519', ['ssh-ed25519']],
  ['ecdsa-sha2-nistp256', ['ecdsa-sha2-nistp256']],
  ['ecdsa-sha2-nistp384', ['ecdsa-sha2-nistp384']],
  ['ecdsa-sha2-nistp521', ['ecdsa-sha2-nistp521']],
  ['ssh-rsa', ['rsa-sha2-512', 'rsa-sha2-256']],
] as const;

export type HostKeyAlgorithm = (typeof ALGORITHMS)[number][1][number];

/** The algorithms to ask a server for: first those of the types under which it is known, so that it shows a key we can check. */
export function orderAlgorithms(knownTypes: ReadonlySet<string>): HostKeyAlgorithm[] {
  const known = ALGORITHMS.filter(([type]) => knownTypes.has(type));
  const others = ALGORITHMS.filter(([type]) => !knownTypes.has(type));
  return [...known, ...others].flatMap(([, algorithms]) => [...algorithms]);
}
