import { existsSync, readlinkSync, statSync } from 'node:fs';
import { Fault } from '../base/fault.ts';
import { join } from 'node:path';
import { hostsFile, programArgv, resolvFile } from '../model/program.ts';
import type { LiveLab } from './list.ts';
import { searchPath } from './machine/search-path.ts';

/**
 * The arguments that run a program in a node of a running lab, with the lab's names: nsenter(1). It is a child of the
 * caller and ends with the lab; its working directory is the caller's.
 */
export function enterArgv(record: LiveLab, node: string, argv: readonly string[]): string[] {
  const fd = Object.hasOwn(record.descriptors, node) ? record.descriptors[node] : undefined;
  if (fd === undefined)
    throw new Fault(
      'usage',
      `Lab "${record.id}" has no network stack of "${node}": it has ${listNames(record)}`,
    );
  const agent = `/proc/${record.agentPid}`;
  return [
    'nsenter',
    ...userOptions(agent),
    ...[`--mount=${agent}/ns/mnt`, `--pid=${agent}/ns/pid`, `--net=${agent}/fd/${fd}`, '--'],
    ...[
      'env',
      `--chdir=${process.cwd()}`,
      `PATH=${searchPath()}`,
      ...authoritySettings(record.directory),
    ],
    ...programArgv(hostsFile(record.directory, node), resolvFile(record.directory, node), argv),
  ];
}

/**
 * A lab made with privileges has no user namespace of its own, and setns(2) refuses to enter one's own. In that of an
 * ordinary user its maker is root already and may not change groups; anyone else must become root.
 */
function userOptions(agent: string): string[] {
  try {
    if (readlinkSync(`${agent}/ns/user`) === readlinkSync('/proc/self/ns/user')) return [];
    const isMaker = statSync(agent).uid === process.getuid?.();
    return [`--user=${agent}/ns/user`, ...(isMaker ? ['--preserve-credentials'] : [])];
  } catch (cause) {
    throw new Fault('run', `The lab's agent cannot be entered: ${String(cause)}`, {
      help: 'Run "runner ps" to see which labs run',
      cause,
    });
  }
}

/** Variables by which OpenSSL, curl and Node find certificates beyond those of the system. */
const AUTHORITY_VARIABLES = ['SSL_CERT_FILE', 'CURL_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS'];

/** Programs trust the lab's services, as those of the scenario do, whatever the machine's own programs trust. */
function authoritySettings(directory: string): string[] {
  const file = join(directory, 'lab', 'ca.pem');
  if (!existsSync(file)) return [];
  return AUTHORITY_VARIABLES.map((name) => `${name}=${file}`);
}

const listNames = (record: LiveLab): string =>
  record.nodes.map((name) => `"${name}"`).join(', ') || 'none yet';
