// The scenario's own files, put on a machine whose share of the plan names them.
import { lstat, realpath } from 'node:fs/promises';
import { posix, relative, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Fault } from '../../../base/fault.ts';
import type { Plan } from '../../../model/plan.ts';
import type { SshChannel } from '../../../ssh/ssh.ts';
import type { FarMachine } from '../far-machine.ts';
import { type FarFolders, type NearFolders, farFolders, fromScenario } from './far-folders.ts';
import { type ScenarioFile, scenarioFiles } from './scenario-files.ts';
import { readChannel } from './read-channel.ts';
import { sendTree } from './send-tree.ts';
import { type Passage, untilDone } from './until-done.ts';

export interface ShipOptions {
  /** The folder that runner was called in, absolute. */
  readonly working?: string;
  /** Folders here that are never sent, absolute: the one that results go to. */
  readonly leaveOut?: readonly string[];
  readonly onProgress?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** Bytes between two words of progress. */
const PROGRESS_STEP = 1 << 20;

/**
 * `folder` is that of the scenario's main file, `root` one on the machine that is for this alone; both are absolute. Gives
 * where the scenario's folder and the working directory are there. Nothing is done where nothing is wanted.
 */
export async function shipScenarioFiles(
  far: FarMachine,
  share: Pick<Plan, 'nodes' | 'services' | 'flows'>,
  folder: string,
  root: string,
  options: ShipOptions = {},
): Promise<FarFolders> {
  const near: NearFolders = { scenario: folder, working: options.working ?? process.cwd() };
  const wanted = scenarioFiles(share);
  const found = await findFiles(wanted, near);
  const there = farFolders(found, root, near);
  const paths = found.map((file) => fromScenario(file, near));
  for (const path of withoutNested(paths)) await ship(far, path, near, there, options);
  if (wanted.length > 0) await makeFolder(far, there.working, options.signal);
  return there;
}

/** Those that are there. Throws a usage fault for one that must be and is not. */
async function findFiles(
  files: readonly ScenarioFile[],
  near: NearFolders,
): Promise<ScenarioFile[]> {
  const found: ScenarioFile[] = [];
  for (const file of files) {
    const path = `${near.scenario}/${fromScenario(file, near)}`;
    try {
      await lstat(path);
    } catch (cause) {
      if (!file.isCertain) continue;
      throw new Fault(
        'usage',
        `"${file.path}" is wanted by ${file.wantedBy}, and "${resolve(path)}" cannot be read on this machine, whence it is sent: ${messageOf(cause)}`,
        {
          help: 'Make that file or folder, or write an absolute path for one that the other machine has',
          cause,
        },
      );
    }
    // A word that happens to be "." or ".." is no wish for all that is in it.
    if (file.isCertain || !isAbove(fromScenario(file, near), near)) found.push(file);
  }
  return found;
}

/** Whether a path is the working folder or one that it is in. */
function isAbove(path: string, { scenario, working }: NearFolders): boolean {
  const way = relative(resolve(scenario, path), resolve(working));
  return way !== '..' && !way.startsWith('../');
}

/** What lies in a folder that is sent goes with it. */
function withoutNested(paths: readonly string[]): string[] {
  const all = [...new Set(paths)].sort();
  const isIn = (path: string, folder: string): boolean => {
    const way = posix.relative(`/${climbed(folder)}`, `/${climbed(path)}`);
    return path !== folder && way !== '..' && !way.startsWith('../');
  };
  return all.filter((path) => !all.some((folder) => isIn(path, folder)));
}

/** Upward steps as names, so that `..` lies above `a` as a folder does: relative paths are compared as if from deep below. */
const climbed = (path: string): string => posix.join('d/'.repeat(64), path);

async function ship(
  far: FarMachine,
  path: string,
  near: NearFolders,
  there: FarFolders,
  { leaveOut = [], onProgress = () => undefined, signal }: ShipOptions,
): Promise<void> {
  // What is named is meant, not the link to it; links further in stay links.
  const from = await realpath(`${near.scenario}/${path}`);
  const target = posix.join(there.scenario, path);
  const left = leaveOut.map((folder) => relative(from, resolve(folder)));
  let told = 0;
  const tell = (bytes: number): void => {
    told = bytes;
    onProgress(`sending ${path} to ${far.name}: ${(bytes / 1e6).toFixed(1)} MB`);
  };
  tell(0);
  await sendTree(far, from, posix.dirname(target), {
    name: posix.basename(target),
    isWanted: (inner) => !left.includes(inner),
    onProgress: (bytes) => {
      if (bytes - told >= PROGRESS_STEP) tell(bytes);
    },
    ...(signal && { signal }),
  });
}

/** Programs run in it whether anything of it was sent or not. */
async function makeFolder(
  far: FarMachine,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const make = async (channel: SshChannel): Promise<Passage<string | null>> => {
    channel.stdin.end();
    const { kind, words } = await readChannel(channel, drain, {
      ...(signal && { signal }),
    });
    if (kind === 'lost') return { kind, words, hasCome: false };
    return { kind: 'done', value: kind === 'done' ? null : words };
  };
  const end = await untilDone(far, () => ['mkdir', '-p', folder], make, { signal, mostLost: 3 });
  const why = end.kind === 'done' ? end.value : end.words;
  if (why !== null)
    throw new Fault(
      'machine',
      `Folder "${folder}" cannot be made on machine "${far.name}": ${why}`,
      { help: 'See whether there is space on its disk' },
    );
}

const drain = async (output: AsyncIterable<Buffer>): Promise<void> => {
  await buffer(output);
};

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
