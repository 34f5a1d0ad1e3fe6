// The parts of runner that are made for this machine: the agent's bundle, the native module, packages that bind libraries.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownNode } from '../machine/own-node.ts';
import { attempt } from './attempt.ts';
import type { Check } from './check.ts';

interface Part {
  readonly name: string;
  /** Below the checkout or package. */
  readonly file: string;
  /** Whether loading it is to be tried, in a process of its own. */
  readonly isLoaded: boolean;
  readonly help: string;
}

const PARTS: readonly Part[] = [
  { name: 'agent', file: 'dist/agent.js', isLoaded: false, help: 'Run "make build"' },
  {
    name: 'native module',
    file: 'build/netscenario.node',
    isLoaded: true,
    help: 'Run "make native"; it needs "sudo apt-get install gcc"',
  },
  {
    name: 'libpcap',
    file: 'node_modules/pcap/build/Release/pcap_binding.node',
    isLoaded: true,
    help: 'Run "sudo apt-get install libpcap-dev g++ make python3" and "npm rebuild pcap"',
  },
];

export const checkModules = (): Promise<Check[]> => Promise.all(PARTS.map(checkPart));

async function checkPart({ name, file, isLoaded, help }: Part): Promise<Check> {
  const path = findUpward(file);
  if (path === undefined)
    return { name, ok: false, needed: 'always', found: `${file} is not there`, help };
  if (!isLoaded) return { name, ok: true, needed: 'always', found: path };
  const { ok, said } = await attempt([...ownNode(), '-e', 'require(process.argv[1])', path]);
  const reason = said.split('\n').find((line) => line.includes('Error')) ?? said;
  return ok
    ? { name, ok, needed: 'always', found: 'loads' }
    : { name, ok, needed: 'always', found: reason, help };
}

/** The nearest `file` below this file's folder or one above it. */
function findUpward(file: string): string | undefined {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const path = join(folder, file);
    if (existsSync(path)) return path;
    if (dirname(folder) === folder) return undefined;
  }
}
