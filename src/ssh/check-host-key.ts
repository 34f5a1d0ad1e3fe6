// Whether a machine is the one that it was: its key against the files of known hosts. Always checked, whatever
// StrictHostKeyChecking says, and never written: who accepts a key does so on purpose.
import { readFile } from 'node:fs/promises';
import { Fault } from '../base/fault.ts';
import { shellWords } from '../base/shell-words.ts';
import type { Hop } from './hop.ts';
import { fingerprint } from './host-key.ts';
import type { HostKey } from './host-key.ts';
import { judgeHostKey, lookupName, parseKnownHosts } from './known-hosts.ts';
import type { KnownHost } from './known-hosts.ts';
import { describeWhere } from './where.ts';
import type { Where } from './where.ts';

/** The entries of all files; a file that is not there has none. */
export async function readKnownHosts(hop: Hop): Promise<readonly KnownHost[]> {
  const files = await Promise.all(
    hop.knownHosts.map(async (path) => {
      try {
        return parseKnownHosts(await readFile(path, 'utf8'), path);
      } catch (cause) {
        if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
        throw new Fault('machine', `Cannot read the known hosts in "${path}": ${String(cause)}`, {
          cause,
        });
      }
    }),
  );
  return files.flat();
}

export const nameOf = ({ host, port, hostKeyAlias }: Hop): HostName => ({
  host,
  port,
  alias: hostKeyAlias,
});

interface HostName {
  readonly host: string;
  readonly port: number;
  readonly alias: string | null;
}

/** The refusal of a key, or null when it is the known one. */
export function refuseHostKey(
  entries: readonly KnownHost[],
  key: HostKey,
  where: Where,
): Fault | null {
  const { hop } = where;
  const verdict = judgeHostKey(entries, nameOf(hop), key);
  const shown = `${key.type} ${fingerprint(key)}`;
  const subject = describeWhere(where);
  const compare =
    'Compare the fingerprint with the one that the machine itself tells ("ssh-keygen -lf /etc/ssh/ssh_host_…_key.pub" there); if it is the same, run: ';
  switch (verdict.kind) {
    case 'known':
      return null;
    case 'revoked':
      return new Fault(
        'machine',
        `The host key of ${subject} is revoked: ${shown}, by ${placeOf(verdict.entry)}`,
        { help: 'Give the machine a new host key; nobody must trust this one' },
      );
    case 'changed':
      return new Fault(
        'machine',
        `The host key of ${subject} has changed: it shows ${shown}, and ${placeOf(verdict.entry)} has ${fingerprint(verdict.entry.key)}. ` +
          'Another computer may answer in its place',
        {
          help: `${compare}${forget(verdict.entry, hop)} && ${accept(key, hop, verdict.entry.file)}`,
        },
      );
    case 'unknown': {
      const [file] = hop.knownHosts;
      const files = hop.knownHosts.map((path) => `"${path}"`).join(', ');
      const missing =
        file === undefined
          ? 'no file of known host keys is to be read'
          : `${files} ${hop.knownHosts.length === 1 ? 'does' : 'do'} not have it`;
      return new Fault(
        'machine',
        `The host key of ${subject} is unknown: it shows ${shown}, and ${missing}${describeOthers(verdict.others)}`,
        {
          help:
            file === undefined
              ? 'Name such a file: "knownHosts:" in the scenario, or UserKnownHostsFile in the ssh configuration'
              : `${compare}${accept(key, hop, file)}`,
        },
      );
    }
  }
}

const placeOf = ({ file, line }: KnownHost): string => `line ${line} of "${file}"`;

function describeOthers(others: readonly KnownHost[]): string {
  const authority = others.find(({ marker }) => marker === 'cert-authority');
  if (authority !== undefined)
    return ` (${placeOf(authority)} names an authority for it, whose certificates runner cannot check: it needs the key itself)`;
  const [other] = others;
  return other === undefined ? '' : ` (only a key of type ${other.key.type}, in ${placeOf(other)})`;
}

/** The command that takes the old key out; ssh-keygen knows hashed names, too. */
const forget = (entry: KnownHost, { host, port, hostKeyAlias }: Hop): string =>
  shellWords(['ssh-keygen', '-R', lookupName(host, port, hostKeyAlias), '-f', entry.file]);

/** The command that adds this very key: asking the machine for it again might bring another. */
function accept(key: HostKey, { host, port, hostKeyAlias }: Hop, file: string): string {
  const line = `${lookupName(host, port, hostKeyAlias)} ${key.type} ${key.base64}`;
  return `${shellWords(['echo', line])} >> ${shellWords([file])}`;
}
