// Files of known host keys: sshd(8), section SSH_KNOWN_HOSTS FILE FORMAT.
import { createHmac } from 'node:crypto';
import type { HostKey } from './host-key.ts';
import { matchesPatterns } from './patterns.ts';

/** One line of such a file. */
export interface KnownHost {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly marker: 'revoked' | 'cert-authority' | null;
  /** The first field: patterns separated by commas, or one hashed name. */
  readonly hosts: string;
  readonly key: HostKey;
}

export type HostKeyVerdict =
  | { readonly kind: 'known'; readonly entry: KnownHost }
  | { readonly kind: 'revoked'; readonly entry: KnownHost }
  /** The host is known by another key of this type. */
  | { readonly kind: 'changed'; readonly entry: KnownHost }
  /** `others`: lines about this host with keys of other types, or of authorities. */
  | { readonly kind: 'unknown'; readonly others: readonly KnownHost[] };

/** The entries of a file; lines that are none are passed over, as ssh does. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return text.split('\n').flatMap((line, index) => {
    const groups = LINE.exec(line.trim())?.groups;
    const { marker, hosts, type, base64 } = groups ?? {};
    if (hosts === undefined || type === undefined || base64 === undefined) return [];
    return {
      file,
      line: index + 1,
      marker: marker === 'revoked' || marker === 'cert-authority' ? marker : null,
      hosts,
      key: { type, base64 },
    };
  });
}

const LINE =
  /^(?:@(?<marker>revoked|cert-authority)\s+)?(?<hosts>[^#@\s]\S*)\s+(?<type>[a-z][\w@.-]*)\s+(?<base64>[A-Za-z0-9+/]+=*)(?:\s|$)/;

/** Under what a host is looked up: `[host]:port` unless the port is 22; an alias stands alone. */
export const lookupName = (host: string, port: number, alias: string | null): string =>
  (alias ?? (port === 22 ? host : `[${host}]:${port}`)).toLowerCase();

/** What the entries say about a key that a host has shown. */
export function judgeHostKey(
  entries: readonly KnownHost[],
  { host, port, alias }: { host: string; port: number; alias: string | null },
  key: HostKey,
): HostKeyVerdict {
  const name = lookupName(host, port, alias);
  const about = entriesAbout(entries, name);
  const isSame = (entry: KnownHost): boolean => entry.key.base64 === key.base64;
  const revoked = about.find((entry) => entry.marker === 'revoked' && isSame(entry));
  if (revoked !== undefined) return { kind: 'revoked', entry: revoked };
  const own = about.filter(({ marker }) => marker === null);
  const known = own.find(isSame);
  if (known !== undefined) return { kind: 'known', entry: known };
  const changed = own.find((entry) => entry.key.type === key.type);
  if (changed !== undefined) return { kind: 'changed', entry: changed };
  // ssh accepts a key that is known for the host without its port, too.
  const plain = own.length > 0 ? [] : entriesAbout(entries, (alias ?? host).toLowerCase());
  if (plain.some((entry) => entry.marker === 'revoked' && isSame(entry)))
    return { kind: 'unknown', others: plain };
  const withoutPort = plain.find((entry) => entry.marker === null && isSame(entry));
  if (withoutPort !== undefined) return { kind: 'known', entry: withoutPort };
  return { kind: 'unknown', others: about.filter(({ marker }) => marker !== 'revoked') };
}

/** The types of the keys by which a host is known. */
export function knownTypes(
  entries: readonly KnownHost[],
  { host, port, alias }: { host: string; port: number; alias: string | null },
): ReadonlySet<string> {
  const own = (name: string): string[] =>
    entriesAbout(entries, name)
      .filter(({ marker }) => marker === null)
      .map(({ key }) => key.type);
  const exact = own(lookupName(host, port, alias));
  return new Set(exact.length > 0 ? exact : own((alias ?? host).toLowerCase()));
}

const entriesAbout = (entries: readonly KnownHost[], name: string): KnownHost[] =>
  entries.filter(({ hosts }) =>
    hosts.startsWith('|')
      ? isHashOf(hosts, name)
      : matchesPatterns(hosts.toLowerCase().split(','), name),
  );

/** `|1|salt|hash`: HMAC-SHA1 of the name, both in base64. */
function isHashOf(hashed: string, name: string): boolean {
  const [, version, salt, hash] = hashed.split('|');
  if (version !== '1' || salt === undefined || hash === undefined) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}
