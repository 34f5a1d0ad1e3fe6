import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { searchPath } from '../machine/search-path.ts';
import type { Check } from './check.ts';

interface Tool {
  readonly name: string;
  /** Debian's package. */
  readonly package: string;
  readonly needed: Check['needed'];
}

const TOOLS: readonly Tool[] = [
  { name: 'unshare', package: 'util-linux', needed: 'always' },
  { name: 'setpriv', package: 'util-linux', needed: 'always' },
  { name: 'mount', package: 'mount', needed: 'always' },
  { name: 'nsenter', package: 'util-linux', needed: 'always' },
  { name: 'nft', package: 'nftables', needed: 'always' },
  { name: 'iptables', package: 'iptables', needed: 'always' },
  { name: 'tc', package: 'iproute2', needed: 'when the kernel impairs links' },
  { name: 'ip', package: 'iproute2', needed: 'when people look into a lab' },
  { name: 'sysctl', package: 'procps', needed: 'when people look into a lab' },
  { name: 'gtlsclient', package: 'ngtcp2-client', needed: 'when a probe speaks QUIC' },
  { name: 'gtlsserver', package: 'ngtcp2-server', needed: 'when a service speaks QUIC' },
  {
    name: 'chromium-headless-shell',
    package: 'chromium-headless-shell',
    needed: 'when a browser visits pages',
  },
  { name: 'certutil', package: 'libnss3-tools', needed: 'when a browser visits pages' },
  { name: 'curl', package: 'curl', needed: 'when curl visits pages' },
  { name: 'slirp4netns', package: 'slirp4netns', needed: 'when a network has an uplink' },
];

/** Whether each system tool is on the search path. */
export const checkTools = (): Check[] => TOOLS.map(checkTool);

function checkTool({ name, package: source, needed }: Tool): Check {
  const file = findProgram(name);
  return {
    name: `program ${name}`,
    ok: file !== undefined,
    needed,
    found: file ?? 'not installed',
    ...(file === undefined && { help: `Run "sudo apt-get install ${source}"` }),
  };
}

/** The file of a program on the search path. */
export function findProgram(name: string): string | undefined {
  const folders = searchPath()
    .split(':')
    .filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
