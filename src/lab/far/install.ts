// Puts this program's bundle on another machine: beside its place first, and renamed when it was seen to run there.
import { randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';
import { Fault } from '../../base/fault.ts';
import type { PushedFile, SshConnection } from '../../ssh/ssh.ts';
import { LIBRARIES } from '../machine/own-node.ts';
import type { Bundle } from './bundle.ts';
import { type Collected, collect } from './collect.ts';
import { DISCARD, FINISH, FIT, PLACE, TIDY } from './far-scripts.ts';
import { findLibraries, missingLibraries } from './libraries.ts';
import { lastWords } from './last-words.ts';
import { type FarProbe, readAnswers } from './probe.ts';
import { remoteCommand } from './remote-command.ts';
import { withSignal } from './with-signal.ts';

export interface InstallOptions {
  readonly machine: string;
  readonly connection: SshConnection;
  readonly probe: FarProbe;
  readonly bundle: Bundle;
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal;
  /** In place of one that is there and is no use. */
  readonly isAnew?: boolean;
}

const STEP_MS = 60_000;
/** The oldest Node.js that runs us: "engines" of package.json. */
const OLDEST_NODE = '20.19.0';
/** Bundles that stay whatever their age. */
const NEWEST = 3;
/** How long a bundle stays that nobody starts anything of, in days. */
const UNUSED_DAYS = 30;
/** How long taking back what was begun may take, in milliseconds: it may be given up because nothing answers any more. */
const DISCARD_MS = 5000;
/** How often libraries are looked for: each round brings those that the ones before want. */
const ROUNDS = 6;

export async function installBundle(options: InstallOptions): Promise<void> {
  const { machine, probe, bundle, onProgress, isAnew = false } = options;
  checkArchitecture(options);
  const place = join(probe.cache, bundle.name);
  const folder = `${place}.part-${randomBytes(4).toString('hex')}`;
  onProgress(`pushing runner to machine "${machine}"`);
  try {
    await makePlace(options, folder);
    await push(options, folder, bundle.files);
    const node = await fit(options, folder);
    const finished = await run(options, FINISH, [folder, place, node, isAnew ? 'anew' : '']);
    if (!readAnswers(finished.stdout).has('end')) throw doesNotRun(machine, finished);
  } catch (error) {
    const signal = AbortSignal.timeout(DISCARD_MS);
    await run({ ...options, signal }, DISCARD, [folder]).catch(() => undefined);
    throw error;
  }
  await run(options, TIDY, [String(NEWEST), String(UNUSED_DAYS)]);
}

async function run(
  { machine, connection, signal }: InstallOptions,
  script: string,
  args: readonly string[],
): Promise<Collected> {
  const channel = await withSignal(connection.exec(remoteCommand(script, args)), signal);
  return collect(channel, STEP_MS, `Setting up runner on machine "${machine}"`, signal);
}

const push = (
  { connection, signal }: InstallOptions,
  folder: string,
  files: readonly PushedFile[],
): Promise<void> => withSignal(connection.push(folder, files, signal), signal);

/** Throws a machine fault where files cannot be, or programs cannot be run. */
async function makePlace(options: InstallOptions, folder: string): Promise<void> {
  const { machine, probe } = options;
  const { stdout, stderr } = await run(options, PLACE, [folder]);
  const answers = readAnswers(stdout);
  const isWritable = answers.has('end');
  if (isWritable && answers.has('programs')) return;
  const why = isWritable
    ? 'no program can be run from there (is it mounted noexec?)'
    : 'no file can be put there';
  throw new Fault(
    'machine',
    `Machine "${machine}" has no place for runner: it belongs in "${probe.cache}", and ${why}: "${lastWords(stderr) || 'no word'}"`,
    {
      help: `Mend that there, or let XDG_CACHE_HOME name another folder of its user: a line in /etc/environment there, or SetEnv in sshd_config(5)`,
    },
  );
}

/** Brings what is missing there; gives the Node.js to run it by. */
async function fit(options: InstallOptions, folder: string): Promise<string> {
  const { machine, bundle, onProgress } = options;
  let node = '';
  for (let round = 0; round < ROUNDS; round++) {
    const { stdout, stderr } = await run(options, FIT, [
      ...[folder, OLDEST_NODE, process.versions.modules],
      ...bundle.natives,
    ]);
    const answers = readAnswers(stdout);
    if (!answers.has('end')) throw doesNotRun(machine, { code: null, stdout, stderr });
    const files: PushedFile[] = [];
    if (node === '') {
      node = answers.get('node') ?? join(folder, 'node');
      if (!answers.has('node')) {
        onProgress(`pushing Node.js ${process.versions.node} to machine "${machine}"`);
        files.push({ from: process.execPath, to: basename(node), mode: 0o755 });
      }
    }
    files.push(...(await lendLibraries(options, missingLibraries(stdout))));
    if (files.length === 0) return node;
    await push(options, folder, files);
  }
  return node;
}

async function lendLibraries(
  { machine, bundle }: InstallOptions,
  missing: readonly string[],
): Promise<PushedFile[]> {
  if (missing.length === 0) return [];
  const natives = bundle.files.filter(({ to }) => bundle.natives.includes(to));
  const own = await findLibraries([...natives.map(({ from }) => from), process.execPath]);
  return missing.map((name) => {
    const from = own.get(name);
    if (from === undefined || name.includes('/'))
      throw new Fault('machine', `Machine "${machine}" lacks the shared library "${name}"`, {
        help: 'Install it there',
      });
    return { from, to: `${LIBRARIES}/${name}`, mode: 0o755 };
  });
}

/** Native parts run where they were made for: neither they nor our Node.js run elsewhere. */
function checkArchitecture({ machine, probe }: InstallOptions): void {
  const own = ARCHITECTURES[process.arch] ?? process.arch;
  if (probe.arch !== own)
    throw new Fault(
      'machine',
      `Machine "${machine}" is of architecture ${probe.arch} and this one of ${own}: what is built here does not run there`,
      { help: 'Run runner on a machine of the same architecture' },
    );
  if (probe.libc === '')
    throw new Fault(
      'machine',
      `Machine "${machine}" has not the GNU C library (${ownLibc()} here): what is built here does not run there`,
      { help: 'Use a machine with glibc: Debian, Ubuntu, Fedora and the like' },
    );
}

/** Node's names → `uname -m`. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'x86_64',
  arm64: 'aarch64',
  ia32: 'i686',
  arm: 'armv7l',
  ppc64: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
};

function ownLibc(): string {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return `glibc ${report.header?.glibcVersionRuntime ?? 'of unknown version'}`;
}

const doesNotRun = (machine: string, { stdout, stderr }: Collected): Fault =>
  new Fault(
    'machine',
    `Runner does not run on machine "${machine}": ${lastWords(`${stdout}\n${stderr}`) || 'its setup was cut off'}`,
    { help: 'The message is that of the machine itself: mend what it names there' },
  );
