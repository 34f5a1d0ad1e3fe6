// Everything of this program that another machine needs to run it: the same files at the same places, below one folder.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault } from '../../base/fault.ts';
import type { PushedFile } from '../../ssh/ssh.ts';

export interface Bundle {
  /** `<version>-<checksum>`: 16 hexadecimal digits of the sha256 over all files, their names and modes. */
  readonly name: string;
  readonly files: readonly PushedFile[];
  /** Those that load shared libraries; as in `to`. */
  readonly natives: readonly string[];
}

/** libpcap's binding: of npm `pcap` it is all that is used. */
const BINDING = 'node_modules/pcap/build/Release/pcap_binding.node';
const NATIVES = ['build/netscenario.node', BINDING];
const SINGLE = ['package.json', 'bin/runner', 'build/launch', ...NATIVES];
const FOLDERS = ['dist', 'schemas'];
const CHECKSUM_DIGITS = 16;

/** Reads and hashes the checkout or package that this file belongs to; 7 MB in 60 files take 15 ms. */
export async function readBundle(root: string = packageRoot()): Promise<Bundle> {
  const listed = await Promise.all(FOLDERS.map((folder) => listBelow(root, folder)));
  const files = [...SINGLE, ...listed.flat()].sort().map((to) => fileAt(root, to));
  const digests = await Promise.all(files.map(digest));
  const whole = createHash('sha256').update(digests.join('\n')).digest('hex');
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return { name: `${version}-${whole.slice(0, CHECKSUM_DIGITS)}`, files, natives: NATIVES };
}

function packageRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'schemas', 'scenario.schema.json'))) return folder;
    if (folder === dirname(folder)) throw incomplete('schemas');
  }
}

async function listBelow(root: string, folder: string): Promise<string[]> {
  try {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  } catch {
    throw incomplete(folder);
  }
}

/** npm may have put a package beside this one instead of into it. */
function fileAt(root: string, to: string): PushedFile {
  for (let folder = root; ; folder = dirname(folder)) {
    const from = join(folder, to);
    if (existsSync(from)) return { from, to, mode: isProgram(to) ? 0o755 : 0o644 };
    if (!to.startsWith('node_modules/') || folder === dirname(folder)) throw incomplete(to);
  }
}

const isProgram = (to: string): boolean => to.startsWith('bin/') || to === 'build/launch';

async function digest({ from, to, mode }: PushedFile): Promise<string> {
  const content = createHash('sha256')
    .update(await readFile(from))
    .digest('hex');
  return `${content} ${mode.toString(8)} ${to}`;
}

const incomplete = (missing: string): Fault =>
  new Fault(
    'machine',
    `What other machines need of runner is not complete here: "${missing}" is missing`,
    { help: 'Install it again, or run "make build" in the checkout' },
  );
